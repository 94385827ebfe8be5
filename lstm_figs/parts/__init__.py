"""What figures are built of: cells, tables, lanes, heat maps."""
