package dev.purecnn;

import dev.purecnn.internal.file.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Fails at the call of a certain number, and leaves half of what a failing write was to write. */
class FailingDisk implements Disk {
    private final Disk real = Disk.real();
    private final int failing;
    private final RuntimeException unchecked;
    private int calls;
    private String failed;

    /** {@code unchecked} is what to throw, instead of an {@link IOException}. */
    FailingDisk(int failing, RuntimeException unchecked) {
        this.failing = failing;
        this.unchecked = unchecked;
    }

    /** How many calls there were. */
    int calls() {
        return calls;
    }

    /** What the failing call was to do; null if none failed. */
    String failed() {
        return failed;
    }

    private void call(String name) throws IOException {
        if (++calls == failing) {
            failed = name;
            if (unchecked != null) {
                throw unchecked;
            }
            throw new IOException("no space left on the test's disk");
        }
    }

    @Override
    public void createFolder(Path folder) throws IOException {
        call("createFolder");
        real.createFolder(folder);
    }

    @Override
    public Output create(Path path) throws IOException {
        call("create");
        Output output = real.create(path);
        return new Output() {
            @Override
            public void write(ByteBuffer bytes) throws IOException {
                if (calls + 1 == failing) {
                    output.write(bytes.slice(0, bytes.remaining() / 2));
                }
                call("write");
                output.write(bytes);
            }

            @Override
            public void force() throws IOException {
                call("force");
                output.force();
            }

            @Override
            public void close() throws IOException {
                output.close();
                call("close");
            }
        };
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        call("move");
        real.move(from, to);
    }

    @Override
    public void forceFolder(Path path) throws IOException {
        call("forceFolder");
        real.forceFolder(path);
    }

    /** What is left of a file that failed is no call: it is deleted in any case. */
    @Override
    public void delete(Path path) throws IOException {
        if (!path.toString().endsWith(".unfinished")) {
            call("delete");
        }
        real.delete(path);
    }
}
