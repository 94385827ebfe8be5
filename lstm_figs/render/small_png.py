"""Small PNG files, for documents that store many."""

import io
from collections.abc import Callable

import numpy as np
from PIL import Image

TRIES = ((1.5, (96, 64)), (1.25, (64,)), (1.0, (64, 32, 16)))
"""Pixels per unit, with numbers of colours to try; finest first."""


def small_png(render: Callable[[float], bytes], max_bytes: int) -> bytes:
    """The finest PNG within a size limit.

    Args:
        render: Renders a PNG with a number of pixels per unit.
        max_bytes: The size limit; exceeded if even the coarsest PNG is larger.
    """
    png = b""
    for scale, counts in TRIES:
        with Image.open(io.BytesIO(render(scale))) as picture:
            dpi = picture.info["dpi"]
            pixels = np.asarray(picture.convert("RGB"))
        for count in counts:
            buffer = io.BytesIO()
            image = in_few_colours(pixels, count)
            image.save(buffer, "png", optimize=True, dpi=dpi)
            png = buffer.getvalue()
            if len(png) <= max_bytes:
                return png
    return png


def in_few_colours(pixels: np.ndarray, count: int) -> Image.Image:
    """A picture reduced to at most `count` of its own colours, 256 at most.

    Pillow's quantizers change the tints of large areas, which carry meaning in
    a figure. Here the next colour is always the one with the largest error: its
    number of pixels times the squared distance to the nearest chosen colour. So
    areas keep their colours, and only antialiased edges change.

    Args:
        pixels: An array of shape (height, width, 3).
        count: The maximum number of colours.

    >>> row = np.array([[[9, 9, 9]] * 9 + [[255, 0, 0]] * 2 + [[8, 9, 9]]])
    >>> in_few_colours(row.astype(np.uint8), 2).getpalette()
    [9, 9, 9, 255, 0, 0]
    """
    # One integer for each pixel: 8 bits of red, of green and of blue.
    packed = pixels.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32)
    packed_colours, colour_indices, pixel_counts = np.unique(
        packed, return_inverse=True, return_counts=True
    )
    colours = np.stack(
        [packed_colours >> 16, packed_colours >> 8 & 255, packed_colours & 255], axis=1
    )
    exact = colours.astype(np.float64)
    nearest = np.zeros(len(packed_colours), np.uint8)
    distance = np.full(len(packed_colours), np.inf)
    chosen: list[int] = []
    candidate = int(pixel_counts.argmax())
    while len(chosen) < count and distance[candidate] > 0:
        new_distance = ((exact - exact[candidate]) ** 2).sum(axis=1)
        nearest[new_distance < distance] = len(chosen)
        distance = np.minimum(distance, new_distance)
        chosen.append(candidate)
        candidate = int((pixel_counts * distance).argmax())
    image = Image.fromarray(nearest[colour_indices].reshape(packed.shape), "P")
    image.putpalette(colours[chosen].astype(np.uint8).tobytes())
    return image
