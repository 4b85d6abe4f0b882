package dev.purecnn.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.purecnn.OtherJvm;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A Java without java.desktop, such as jlink makes, or Android's. */
class NoDesktopTest {

    /** What runs there. */
    static final class Reader {
        private Reader() {}

        public static void main(String[] names) throws IOException {
            for (String name : names) {
                byte[] file = SamplePicture.named(name).file();
                try {
                    System.out.println(name + ": " + Pictures.read(new ByteArrayInputStream(file)));
                } catch (IllegalStateException e) {
                    System.out.println(name + ": " + e.getMessage());
                }
            }
        }
    }

    @Test
    void read_withoutDesktop_needsItForJpegAlone() throws IOException, InterruptedException {
        String output = OtherJvm.run(
                List.of("--limit-modules=java.base"), Reader.class, "png-rgba", "gif", "bmp-24bit", "jpeg-420");

        assertThat(output)
                .contains("png-rgba: Picture(13 x 9)", "gif: Picture(13 x 9)", "bmp-24bit: Picture(13 x 9)")
                .contains(
                        "jpeg-420: Pictures: expected the module java.desktop, which decodes JPEG, got a Java without it."
                                + " Say \"requires java.desktop;\"");
    }
}
