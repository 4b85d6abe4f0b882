package dev.purecnn.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A line of pictures.txt: a file of some kind, and the pixels that Pillow reads from it; see pictures.py. */
record SamplePicture(String name, int width, int height, byte[] file, int[] argb) {

    /** All that can be read. */
    static List<SamplePicture> all() throws IOException {
        return lines().stream()
                .filter(sample -> !sample.name.startsWith("refused"))
                .toList();
    }

    static SamplePicture named(String name) throws IOException {
        return lines().stream()
                .filter(sample -> sample.name.equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<SamplePicture> lines() throws IOException {
        List<SamplePicture> samples = new ArrayList<>();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                SamplePicture.class.getResourceAsStream("pictures.txt"), StandardCharsets.US_ASCII))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] parts = line.split(" ");
                byte[] rgba = Base64.getDecoder().decode(parts[4]);
                int[] argb = new int[rgba.length / 4];
                for (int i = 0; i < argb.length; i++) {
                    argb[i] = rgba[4 * i + 3] << 24
                            | (rgba[4 * i] & 0xff) << 16
                            | (rgba[4 * i + 1] & 0xff) << 8
                            | rgba[4 * i + 2] & 0xff;
                }
                samples.add(new SamplePicture(
                        parts[0],
                        Integer.parseInt(parts[1]),
                        Integer.parseInt(parts[2]),
                        Base64.getDecoder().decode(parts[3]),
                        argb));
            }
        }
        return samples;
    }

    @Override
    public String toString() {
        return name;
    }
}
