package consumer;

import dev.purecnn.data.Dataset;
import dev.purecnn.data.MnistCsv;
import dev.purecnn.layer.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a CSV file as a module that requires opencsv and commons-lang3 next to the library. */
public final class Consumer {
    private Consumer() {}

    public static void main(String[] args) throws IOException {
        if (!"dev.purecnn".equals(MnistCsv.class.getModule().getName())) {
            throw new AssertionError("the library is not a module");
        }
        Path file = Files.writeString(Path.of("target", "two.csv"), "0,0,10,20,30\n1,40,50,60,255\n");
        Dataset images = MnistCsv.builder().shape(Shape.of(1, 2, 2)).classes(2).load(file);
        if (images.size() != 2 || images.label(1) != 1 || images.image(1)[3] != 1.0) {
            throw new AssertionError("expected 2 images, the last pixel 1.0 and of class 1, got something else");
        }
        System.out.println("read a CSV file on the module path");
    }
}
