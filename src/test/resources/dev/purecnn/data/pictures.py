# Small pictures in many kinds of PNG, JPEG, BMP and GIF, and what Pillow reads from them: run once, with Pillow 9.4.0
# (libjpeg-turbo) and cjpeg and jpegtran of libjpeg-turbo 2.1.5 on the path, "python3 pictures.py > pictures.txt". A line has a
# name, width, height, the file, and its pixels as RGBA, both in base64.
import base64
import io
import struct
import subprocess
import zlib

from PIL import Image


def base(width, height, mode="RGBA"):
    image = Image.new("RGBA", (width, height))
    for y in range(height):
        for x in range(width):
            image.putpixel((x, y), (x * 255 // width, y * 255 // height, (x * y * 7) % 256, 255 - (x + y) * 3))
    return image.convert(mode)


def pillow(image, format, **options):
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def tool(*command, data):
    return subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True).stdout


def emit(name, data, expected=None):
    image = expected or Image.open(io.BytesIO(data)).convert("RGBA")
    print(name, image.width, image.height, base64.b64encode(data).decode(), base64.b64encode(image.tobytes()).decode())


def png(image, wide=False, interlaced=False):
    """Filter 0, optionally 16 bits (of which the lower eight differ), optionally interlaced: Pillow writes neither."""
    kind = {"L": 0, "RGB": 2, "LA": 4, "RGBA": 6}[image.mode]
    passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
    raw = b""
    for top, left, down, right in passes if interlaced else [(0, 0, 1, 1)]:
        for y in range(top, image.height, down):
            row = b""
            for x in range(left, image.width, right):
                pixel = image.getpixel((x, y))
                for sample in pixel if isinstance(pixel, tuple) else (pixel,):
                    row += bytes([sample, (sample * 7 + x) % 256]) if wide else bytes([sample])
            raw += b"\0" + row if row else b""
    out = b"\x89PNG\r\n\x1a\n"
    header = struct.pack(">IIBBBBB", image.width, image.height, 16 if wide else 8, kind, 0, 0, int(interlaced))
    for name, data in [(b"IHDR", header), (b"IDAT", zlib.compress(raw)), (b"IEND", b"")]:
        out += struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    return out


def bmp(width, height, bits, compression, data, colours=b"", masks=b"", size=40):
    info = struct.pack("<iiiHHIIiiII", size, width, height, 1, bits, compression, len(data), 0, 0, len(colours) // 4, 0)
    start = 14 + len(info) + len(masks) + len(colours)
    return b"BM" + struct.pack("<IHHI", start + len(data), 0, 0, start) + info + masks + colours + data


small = base(13, 9)
rgb = base(13, 9, "RGB")
grey = base(13, 9, "L")
palette = rgb.quantize(11)

emit("png-rgba", pillow(small, "PNG"))
emit("png-rgb", pillow(rgb, "PNG"))
emit("png-grey", pillow(grey, "PNG"))
emit("png-grey-alpha", pillow(base(13, 9, "LA"), "PNG"))
emit("png-palette-4bit", pillow(palette, "PNG", bits=4))
emit("png-palette-8bit", pillow(rgb.quantize(90), "PNG"))
emit("png-palette-transparent", pillow(palette, "PNG", transparency=3))
emit("png-palette-2bit", pillow(rgb.quantize(4), "PNG", bits=2))
emit("png-rgb-transparent", pillow(rgb, "PNG", transparency=rgb.getpixel((4, 3))))
emit("png-grey-transparent", pillow(grey, "PNG", transparency=grey.getpixel((4, 3))))
emit("png-1bit", pillow(grey.convert("1"), "PNG"))
emit("png-interlaced", png(small, interlaced=True))
emit("png-interlaced-grey", png(grey, interlaced=True))
emit("png-interlaced-tiny", png(base(2, 3), interlaced=True))
emit("png-interlaced-dot", png(base(1, 1), interlaced=True))
emit("png-rgb-16bit", png(rgb, wide=True), rgb.convert("RGBA"))
emit("png-grey-16bit", png(grey, wide=True), grey.convert("RGBA"))
emit("png-rgba-16bit-interlaced", png(small, wide=True, interlaced=True), small)
noisy = Image.merge("RGB", [Image.effect_noise((60, 50), sigma) for sigma in (20, 50, 90)])
emit("png-all-filters", pillow(noisy, "PNG"))

emit("bmp-24bit", pillow(rgb, "BMP"))
emit("bmp-8bit-grey", pillow(grey, "BMP"))
emit("bmp-1bit", pillow(grey.convert("1"), "BMP"))
emit("bmp-8bit-palette", pillow(rgb.quantize(90), "BMP"))
emit("bmp-32bit", pillow(small, "BMP"), base(13, 9, "RGB").convert("RGBA"))
colours = bytes([10, 20, 30, 0, 200, 100, 50, 0, 1, 2, 3, 0])
emit("bmp-4bit", bmp(5, 2, 4, 0, bytes([0x01, 0x21, 0x20, 0, 0x22, 0x11, 0x00, 0]), colours))
emit("bmp-top-down", bmp(3, -2, 8, 0, bytes([0, 1, 2, 0, 2, 2, 1, 0]), colours))
rle = bytes([3, 1, 2, 2, 0, 0, 0, 3, 2, 1, 0, 0, 1, 2, 1, 0, 0, 1])
emit("bmp-rle8", bmp(5, 2, 8, 1, rle, colours))
emit("bmp-555", bmp(2, 1, 16, 0, struct.pack("<HH", 0x7C1F, 0x0210)))
emit("bmp-565", bmp(2, 1, 16, 3, struct.pack("<HH", 0xF81F, 0x0410), masks=struct.pack("<III", 0xF800, 0x7E0, 0x1F)))

emit("gif", pillow(rgb.quantize(90), "GIF", interlace=0))
emit("gif-2-colours", pillow(grey.convert("1"), "GIF", interlace=0))
emit("gif-interlaced", pillow(base(41, 27, "RGB").quantize(60), "GIF", interlace=1))
emit("gif-transparent", pillow(palette, "GIF", transparency=2, interlace=0))
emit("gif-animated", pillow(palette, "GIF", save_all=True, append_images=[rgb.rotate(180).quantize(9)]))
emit("gif-full-table", pillow(Image.effect_noise((110, 90), 60), "GIF"))

photo = base(41, 27, "RGB")
ppm = pillow(photo, "PPM")
emit("jpeg-420", pillow(photo, "JPEG", subsampling=2, quality=80))
emit("jpeg-422", pillow(photo, "JPEG", subsampling=1, quality=80))
emit("jpeg-444", pillow(photo, "JPEG", subsampling=0, quality=95))
emit("jpeg-grey", pillow(photo.convert("L"), "JPEG", quality=80))
emit("jpeg-progressive", pillow(photo, "JPEG", progressive=True, quality=80))
emit("jpeg-optimized", pillow(photo, "JPEG", optimize=True, quality=60))
emit("jpeg-restarts", tool("cjpeg", "-restart", "1B", "-quality", "70", data=ppm))
emit("jpeg-411", tool("cjpeg", "-sample", "4x1", "-quality", "80", data=ppm))
emit("jpeg-410", tool("cjpeg", "-sample", "4x2", "-quality", "80", data=ppm))
emit("jpeg-rgb", tool("cjpeg", "-rgb", "-quality", "80", data=ppm))
emit("jpeg-fastest", tool("cjpeg", "-dct", "fast", "-quality", "30", data=ppm))
turned = tool("jpegtran", "-rotate", "90", "-copy", "all", data=pillow(base(32, 48, "RGB"), "JPEG", subsampling=2))
emit("jpeg-420-turned", turned)
emit("refused-jpeg-440", tool("jpegtran", "-rotate", "90", data=pillow(photo, "JPEG", subsampling=1)))
emit("refused-jpeg-arithmetic", tool("cjpeg", "-arithmetic", data=ppm))
emit("refused-jpeg-cmyk", pillow(photo.convert("CMYK"), "JPEG"))
