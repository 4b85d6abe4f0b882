package dev.purecnn.internal.training;

/** One training, with pauses for those who look on. A pause may end with the network in other hands. */
final class Change {
    private final Version version;
    private final Runnable begin;
    private boolean begun;

    Change(Version version, Runnable begin) {
        this.version = version;
        this.begin = begin;
    }

    void begin() {
        begin.run();
        begun = true;
    }

    void end() {
        if (begun) {
            begun = false;
            version.endChange();
        }
    }
}
