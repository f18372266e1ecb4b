"""Drawing with flat shapes: cut out, laid on a sheet, and printed over each other as inks are."""

import math

from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageFilter, ImagePalette  # noqa: F401  Imported by Pillow later, which threads must not do.

SIZE = (1280, 640)

# Shapes are drawn this many times larger and then averaged down, which is what smooths their edges.
FINE = 4

Point = tuple[float, float]
Box = tuple[int, int, int, int]


class Shape:
    """A flat shape: what lies within `points`, less the `hole`. Cut out only where somebody needs it as a mask."""

    def __init__(self, points: list[Point], hole: list[Point] | None = None):
        self.outline = _fine(points)
        self.hole = _fine(hole) if hole else None

    @property
    def box(self) -> Box:
        """The part of the fine sheet that the shape can touch."""
        across, down = [x for x, _y in self.outline], [y for _x, y in self.outline]
        width, height = SIZE[0] * FINE, SIZE[1] * FINE
        return max(0, min(across)), max(0, min(down)), min(width, max(across) + 1), min(height, max(down) + 1)

    def mask(self, box: Box) -> Image.Image:
        """The shape cut out within `box`, so that a small shape costs little."""
        left, top, right, bottom = box
        cut = Image.new("1", (right - left, bottom - top))
        draw = ImageDraw.Draw(cut)
        draw.polygon([(x - left, y - top) for x, y in self.outline], fill=1)
        if self.hole:
            draw.polygon([(x - left, y - top) for x, y in self.hole], fill=0)
        return cut


def _fine(points: list[Point]) -> list[tuple[int, int]]:
    # Whole pixels of the fine sheet, as Pillow takes them.
    return [(int(x * FINE), int(y * FINE)) for x, y in points]


class Sheet:
    """A sheet of one colour on which flat shapes are laid. Lengths are those of the finished picture."""

    def __init__(self, ground: str):
        width, height = SIZE
        self._image = Image.new("RGB", (width * FINE, height * FINE), ground)
        self._pen = ImageDraw.Draw(self._image)

    def lay(self, shape: Shape, colour: str) -> Shape:
        if shape.hole:
            self._image.paste(colour, shape.box, shape.mask(shape.box))
        else:
            self._pen.polygon(shape.outline, fill=colour)
        return shape

    def overlap(self, one: Shape, other: Shape, colour: str) -> None:
        """Where two shapes already laid cross, show `colour`, as two inks printed over each other would."""
        (left, top, right, bottom), (left2, top2, right2, bottom2) = one.box, other.box
        box = max(left, left2), max(top, top2), min(right, right2), min(bottom, bottom2)
        if box[0] < box[2] and box[1] < box[3]:
            self._image.paste(colour, box, ImageChops.logical_and(one.mask(box), other.mask(box)))

    def polygon(self, points: list[Point], colour: str) -> Shape:
        return self.lay(Shape(points), colour)

    def block(self, left: float, top: float, right: float, bottom: float, colour: str) -> Shape:
        return self.polygon([(left, top), (right, top), (right, bottom), (left, bottom)], colour)

    def oval(self, x: float, y: float, across: float, down: float, colour: str, turn: float = 0) -> Shape:
        """An ellipse about (x, y) with half-axes `across` and `down`, turned clockwise by `turn` degrees."""
        return self.polygon(around(x, y, across, down, turn), colour)

    def disc(self, x: float, y: float, radius: float, colour: str) -> Shape:
        return self.oval(x, y, radius, radius, colour)

    def ring(self, x: float, y: float, radius: float, thickness: float, colour: str) -> Shape:
        inner = radius - thickness
        return self.lay(Shape(around(x, y, radius, radius), around(x, y, inner, inner)), colour)

    def leaf(self, foot: Point, tip: Point, fullness: float, colour: str) -> Shape:
        """A leaf from `foot` to `tip`; `fullness` is its half-width as a part of its length."""
        (x1, y1), (x2, y2) = foot, tip
        along, across = (x2 - x1, y2 - y1), (y1 - y2, x2 - x1)
        steps = [step / 80 for step in range(81)]
        swell = [math.sin(math.pi * at) * fullness for at in steps]
        right = [
            (x1 + along[0] * at + across[0] * out, y1 + along[1] * at + across[1] * out)
            for at, out in zip(steps, swell, strict=True)
        ]
        left = [
            (x1 + along[0] * at - across[0] * out, y1 + along[1] * at - across[1] * out)
            for at, out in zip(steps, swell, strict=True)
        ]
        return self.polygon(right + left[::-1], colour)

    def finished(self) -> Image.Image:
        return self._image.reduce(FINE)


def around(
    x: float, y: float, across: float, down: float, turn: float = 0, start: float = 0, end: float = 360
) -> list[Point]:
    """Points on an ellipse, or on the part of it between two angles (degrees, clockwise from the right)."""
    cosine, sine = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    points = []
    for step in range(361):
        angle = math.radians(start + (end - start) * step / 360)
        dx, dy = across * math.cos(angle), down * math.sin(angle)
        points.append((x + dx * cosine - dy * sine, y + dx * sine + dy * cosine))
    return points
