package dev.purecnn.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuotedTest {

    @Test
    void of_ordinaryText_isTheText() {
        assertThat(Quoted.of("Scaling \u00fc\ud83d\ude00 \"x\" \\ 12"))
                .isEqualTo("Scaling \u00fc\ud83d\ude00 \"x\" \\ 12");
        assertThat(Quoted.of(-0.0)).isEqualTo("-0.0");
        assertThat(Quoted.of(null)).isEqualTo("null");
        assertThat(Quoted.of("")).isEmpty();
    }

    @Test
    void of_whatActsOnTerminals_isEscaped() {
        assertThat(Quoted.of("a\u001b[31mb\r\nc\u202ed\u2028e\u0085f\ud800g\u200bh\ufeff"))
                .isEqualTo("a\\u001b[31mb\\u000d\\u000ac\\u202ed\\u2028e\\u0085f\\ud800g\\u200bh\\ufeff");
        assertThat(Quoted.of(new String(Character.toChars(0xe0041)))).isEqualTo("\\u{e0041}");
    }

    @Test
    void of_longText_isCutBetweenCharacters() {
        assertThat(Quoted.of("x".repeat(100))).isEqualTo("x".repeat(100));
        assertThat(Quoted.of("x".repeat(120_000))).isEqualTo("x".repeat(100) + "... (120000 characters)");
        assertThat(Quoted.of("x".repeat(99) + "\ud83d\ude00y"))
                .isEqualTo("x".repeat(99) + "\ud83d\ude00... (102 characters)");
    }

    @Test
    void message_longText_isCutLater() {
        assertThat(Quoted.message("x".repeat(4_000) + "\n")).isEqualTo("x".repeat(4_000) + "... (4001 characters)");
        assertThat(Quoted.message("/a\nb")).isEqualTo("/a\\u000ab");
    }
}
