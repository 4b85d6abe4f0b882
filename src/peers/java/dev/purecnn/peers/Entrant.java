package dev.purecnn.peers;

import java.util.ArrayList;
import java.util.List;

/** A library, its number type and its number of threads: one program, one column. */
record Entrant(String library, String numbers, int threads) {
    static final String FLOAT32 = "float32";
    static final String FLOAT64 = "float64";
    static final Entrant DEEPNETTS = new Entrant("deepnetts", FLOAT32, 1);

    static Entrant ours(int threads) {
        return new Entrant("purecnn", FLOAT64, threads);
    }

    /** All that run on that many threads, ours first. */
    static List<Entrant> all(int threads) {
        List<Entrant> entrants = new ArrayList<>();
        entrants.add(ours(threads));
        for (String library : List.of("pytorch", "tensorflow")) {
            entrants.add(new Entrant(library, FLOAT32, threads));
            entrants.add(new Entrant(library, FLOAT64, threads));
        }
        entrants.add(new Entrant("onnxruntime", FLOAT32, threads)); // it has no convolutions in float64
        if (threads == DEEPNETTS.threads()) {
            entrants.add(DEEPNETTS);
        }
        return entrants;
    }

    boolean isOurs() {
        return library.equals("purecnn");
    }

    @Override
    public String toString() {
        return library + " " + numbers + " " + threads;
    }
}
