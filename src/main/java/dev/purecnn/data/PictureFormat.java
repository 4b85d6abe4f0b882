package dev.purecnn.data;

/** Names what a file is that is not a supported picture, by its first bytes. */
final class PictureFormat {
    private static final int BRAND = 8; // where an ISO media file (ftyp) names what it is

    private static final String[][] SIGNATURES = {
        {"II*\0", "TIFF or camera raw"},
        {"MM\0*", "TIFF or camera raw"},
        {"%PDF", "PDF"},
        {"PK\u0003\u0004", "ZIP"},
        {"\u001f\u008b", "gzip"},
        {"Rar!", "RAR"},
        {"7z\u00bc\u00af", "7z"},
        {"<svg", "SVG"},
        {"<?xml", "XML (SVG?)"},
        {"<!", "HTML"},
        {"<html", "HTML"},
        {"8BPS", "Photoshop"},
        {"\0\0\u0001\0", "ICO"},
        {"\u00ff\n", "JPEG XL"},
        {"\0\0\0\fJXL ", "JPEG XL"},
        {"\0\0\0\fjP  ", "JPEG 2000"},
        {"P5", "PGM"},
        {"P6", "PPM"},
        {"version https://git-lfs", "a pointer of Git LFS"}
    };

    private PictureFormat() {}

    static String name(PictureFile file) {
        if (file.bytes.length == 0) {
            return "an empty file";
        }
        if (file.startsWith(4, "ftyp")) {
            return isoMedia(file);
        }
        if (file.startsWith(0, "RIFF")) {
            return file.startsWith(BRAND, "WEBP") ? "WebP" : "RIFF (sound or video)";
        }
        for (String[] signature : SIGNATURES) {
            if (file.startsWith(0, signature[0])) {
                return signature[1];
            }
        }
        return String.format("byte 0x%02x", file.bytes[0]);
    }

    private static String isoMedia(PictureFile file) {
        for (String brand : new String[] {"heic", "heix", "heim", "hevc", "hevx", "mif1", "msf1"}) {
            if (file.startsWith(BRAND, brand)) {
                return "HEIC";
            }
        }
        return file.startsWith(BRAND, "avi") ? "AVIF" : file.startsWith(BRAND, "crx") ? "Canon raw" : "MP4 (video)";
    }
}
