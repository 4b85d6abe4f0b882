# Values of Pillow 9.4.0 (numpy 1.24) to compare Resampling with: run once, "python3 resampling.py > resampling.txt".
# An exact area average of n pixels to m is NEAREST to n * m, then BOX to m: Pillow's BOX alone takes whole pixels, and is
# the exact average where m divides n only. Each case: height width newHeight newWidth, the source, the result.
import random
from PIL import Image

random.seed(20251127)


def axis_cases():
    for height, width, new_height, new_width in [
        (6, 8, 3, 2), (12, 9, 4, 3), (5, 7, 3, 4), (7, 5, 5, 3), (9, 11, 8, 2), (17, 13, 5, 6),
        (3, 4, 7, 9), (2, 2, 5, 5), (1, 3, 4, 8), (5, 6, 11, 7), (3, 9, 8, 4), (10, 4, 3, 9), (1, 1, 3, 2), (4, 5, 4, 5),
    ]:
        yield height, width, new_height, new_width


for height, width, new_height, new_width in axis_cases():
    pixels = [random.randrange(256) for _ in range(height * width)]
    image = Image.new("L", (width, height))
    image.putdata(pixels)
    wide = image
    if new_width < width:
        wide = wide.resize((width * new_width, height), Image.NEAREST).resize((new_width, height), Image.BOX)
    elif new_width > width:
        wide = wide.resize((new_width, height), Image.BILINEAR)
    if new_height < height:
        wide = wide.resize((new_width, height * new_height), Image.NEAREST).resize((new_width, new_height), Image.BOX)
    elif new_height > height:
        wide = wide.resize((new_width, new_height), Image.BILINEAR)
    if height % new_height == 0 and width % new_width == 0:
        wide = image.resize((new_width, new_height), Image.BOX)
    print(height, width, new_height, new_width)
    print(*pixels)
    print(*wide.getdata())
