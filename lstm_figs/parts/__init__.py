"""What several figures are built of: cells, tables, nodes, heat maps."""
