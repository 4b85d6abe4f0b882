package dev.purecnn.internal.training;

import dev.purecnn.internal.file.Disk;
import dev.purecnn.internal.file.FileFault;
import dev.purecnn.internal.file.Leftovers;
import dev.purecnn.internal.file.Model;
import dev.purecnn.internal.file.ModelReader;
import dev.purecnn.internal.file.ModelWriter;
import dev.purecnn.internal.file.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The checkpoints in a folder, each named after its step. The last two are kept; files with other names are left alone.
 */
public final class Checkpoints {
    private static final String NAME = "checkpoint-(\\d{12,18})\\.safetensors";
    private static final Pattern WHOLE = Pattern.compile(NAME);
    private static final int KEPT = 2;

    private final Path folder;
    private final Disk disk;

    public Checkpoints(Path folder, Disk disk) {
        this.folder = folder;
        this.disk = disk;
    }

    /**
     * Creates the folder, and refuses one with a checkpoint of a later step: it would be loaded instead of those to come. Damaged
     * ones do not matter.
     *
     * @param step how many steps the network has done
     */
    public void begin(long step) {
        Path later = newestWholeAfter(step);
        if (later != null) {
            throw new IllegalStateException("CNN: expected a folder without checkpoints of more than " + step
                    + " steps, got " + later + ". Load that one and resume, or delete it, or name another folder.");
        }
    }

    private Path newestWholeAfter(long step) {
        try {
            disk.createFolder(folder);
            for (Path file : newestFirst()) {
                if (step(file) > step && isWhole(file)) {
                    return file;
                }
            }
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    folder + ": expected a folder for checkpoints, got " + e + ". Make it usable, or name another.", e);
        }
    }

    private static boolean isWhole(Path file) throws IOException {
        try (ModelReader reader = ModelReader.open(file)) {
            reader.check();
            return true;
        } catch (FileFault e) {
            return false;
        }
    }

    /**
     * Writes a checkpoint; once it is on disk, all but it and the previous one are deleted.
     *
     * @throws IOException if that fails; the previous one is then still there
     */
    public void write(Model model, List<Tensor> parameters, Checkpoint checkpoint) throws IOException {
        long step = model.stepsTrained();
        Path file = folder.resolve(String.format(Locale.ROOT, "checkpoint-%012d.safetensors", step));
        try {
            disk.createFolder(folder);
            Leftovers.delete(folder, NAME, disk);
            ModelWriter.write(
                    file, model.withTraining(checkpoint.texts()), checkpoint.tensors(parameters), () -> {}, disk);
            prune(step);
        } catch (IOException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException(
                    file + ": expected to write a checkpoint, got " + cause
                            + "; the one before it, if any, is as it was. Check the disk, and go on by CNN.resume.",
                    e);
        }
    }

    /** Those of later steps, which an earlier training may have left, are not counted, and not deleted. */
    private void prune(long step) throws IOException {
        int left = KEPT;
        for (Path file : newestFirst()) {
            if (step(file) <= step && --left < 0) {
                disk.delete(file);
            }
        }
    }

    /** Those that are there. */
    List<Path> newestFirst() throws IOException {
        List<Path> files = files(WHOLE);
        files.sort(Comparator.comparingLong(Checkpoints::step).reversed());
        return files;
    }

    /** As {@link #newestFirst}, if there are some. */
    public static List<Path> in(Path folder) throws IOException {
        List<Path> files = new Checkpoints(folder, Disk.real()).newestFirst();
        if (files.isEmpty()) {
            throw new NoSuchFileException(
                    folder.toString(),
                    null,
                    "expected a model file, or a directory of checkpoints, got a directory without one. Name a file in it.");
        }
        return files;
    }

    private static long step(Path file) {
        Matcher name = WHOLE.matcher(file.getFileName().toString());
        return name.matches() ? Long.parseLong(name.group(1)) : -1;
    }

    private List<Path> files(Pattern name) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(
                folder, file -> name.matcher(file.getFileName().toString()).matches())) {
            all.forEach(files::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return files;
    }
}
