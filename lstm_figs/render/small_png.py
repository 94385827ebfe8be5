"""A picture in few bytes, for documents that keep many."""

import io
from collections.abc import Callable

import numpy as np
from PIL import Image

TRIES = ((1.5, (96, 64)), (1.25, (64,)), (1.0, (64, 32, 16)))
"""Pixels for each unit, with numbers of colours, the finest first."""


def small_png(render: Callable[[float], bytes], max_bytes: int) -> bytes:
    """A PNG as fine as a number of bytes allows.

    Args:
        render: Makes a PNG with so many pixels for each unit.
        max_bytes: The bytes; what does not fit at all has more.
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
    """A picture with at most so many of its own colours, 256 at most.

    What Pillow offers changes the tints of large areas, which mean something
    in a figure. Here the next colour is always the one that is missed most:
    how many pixels have it, times how far the nearest chosen one is, squared.
    So areas keep their colours, and edges of letters are rounded.

    Args:
        pixels: Of shape (height, width, 3).
        count: How many colours.

    >>> row = np.array([[[9, 9, 9]] * 9 + [[255, 0, 0]] * 2 + [[8, 9, 9]]])
    >>> in_few_colours(row.astype(np.uint8), 2).getpalette()
    [9, 9, 9, 255, 0, 0]
    """
    packed = pixels.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32)
    packed_colours, place, pixels_of = np.unique(packed, return_inverse=True, return_counts=True)
    colours = np.stack(
        [packed_colours >> 16, packed_colours >> 8 & 255, packed_colours & 255], axis=1
    )
    exact = colours.astype(np.float64)
    nearest = np.zeros(len(packed_colours), np.uint8)
    distance = np.full(len(packed_colours), np.inf)
    chosen: list[int] = []
    next_one = int(pixels_of.argmax())
    while len(chosen) < count and distance[next_one] > 0:
        new = ((exact - exact[next_one]) ** 2).sum(axis=1)
        nearest[new < distance] = len(chosen)
        distance = np.minimum(distance, new)
        chosen.append(next_one)
        next_one = int((pixels_of * distance).argmax())
    image = Image.fromarray(nearest[place].reshape(packed.shape), "P")
    image.putpalette(colours[chosen].astype(np.uint8).tobytes())
    return image
