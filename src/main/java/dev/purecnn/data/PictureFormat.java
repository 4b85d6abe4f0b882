package dev.purecnn.data;

/** What a file is that is no picture we read: by its first bytes. */
final class PictureFormat {
    private static final int BRAND = 8; // where an ISO media file (ftyp) names what it is

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
        for (Signature signature : Signature.values()) {
            if (file.startsWith(0, signature.bytes)) {
                return signature.format;
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

    private enum Signature {
        TIFF_LITTLE("TIFF or camera raw", "II*\0"),
        TIFF_BIG("TIFF or camera raw", "MM\0*"),
        PDF("PDF", "%PDF"),
        ZIP("ZIP", "PK\u0003\u0004"),
        GZIP("gzip", "\u001f\u008b"),
        RAR("RAR", "Rar!"),
        SEVEN_ZIP("7z", "7z\u00bc\u00af"),
        SVG("SVG", "<svg"),
        XML("XML (SVG?)", "<?xml"),
        DOCTYPE("HTML", "<!"),
        HTML("HTML", "<html"),
        PHOTOSHOP("Photoshop", "8BPS"),
        ICON("ICO", "\0\0\u0001\0"),
        JPEG_XL("JPEG XL", "\u00ff\n"),
        JPEG_XL_BOX("JPEG XL", "\0\0\0\fJXL "),
        JPEG_2000("JPEG 2000", "\0\0\0\fjP  "),
        NETPBM_GREY("PGM", "P5"),
        NETPBM_COLOUR("PPM", "P6"),
        GIT_LFS("a pointer of Git LFS", "version https://git-lfs");

        private final String format;
        private final String bytes;

        Signature(String format, String bytes) {
            this.format = format;
            this.bytes = bytes;
        }
    }
}
