package dev.purecnn.internal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {

    /** Goes through all of a text; returns it in one form, without spaces. */
    private static String read(byte[] text) throws FileFault {
        JsonReader reader = new JsonReader(text, 100);
        StringBuilder form = new StringBuilder();
        readValue(reader, form);
        reader.end();
        return form.toString();
    }

    private static String read(String text) throws FileFault {
        return read(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void readValue(JsonReader reader, StringBuilder form) throws FileFault {
        if (reader.at('{')) {
            reader.beginObject();
            form.append('{');
            for (String name = reader.nextName(); name != null; name = reader.nextName()) {
                form.append(name).append(':');
                readValue(reader, form);
                form.append(';');
            }
            form.append('}');
        } else if (reader.at('[')) {
            reader.beginArray();
            form.append('[');
            while (reader.nextElement()) {
                readValue(reader, form);
                form.append(';');
            }
            form.append(']');
        } else {
            form.append(reader.at('"') ? reader.string() : reader.number());
        }
    }

    @Test
    void values_readAsTheyStand() throws FileFault {
        assertThat(read(" { \"a\" : [ 1 , -0.5e1,\"x\" ] ,\"b\":{},\"c\":{\"a\":[]}\n} \t"))
                .isEqualTo("{a:[1;-5.0;x;];b:{};c:{a:[];};}");
        assertThat(read("9223372036854775807")).isEqualTo("9223372036854775807");
        assertThat(read("-0.0")).isEqualTo("-0.0");
        assertThat(read("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\ud83d\\uDE00 \u00e9\ud83d\ude00\""))
                .isEqualTo("\"\\/\b\f\n\r\tA\u00e9\ud83d\ude00 \u00e9\ud83d\ude00");
    }

    @Test
    void quoted_anyText_readsBack() throws FileFault {
        String text = "a\"\\/\b\n\u0000\u001f\u007f\u00e9\u20ac\ud83d\ude00";
        assertThat(read(JsonWriter.json(text))).isEqualTo(text);
    }

    @Test
    void escapes_allCodePoints_readAsTheirCharacters() throws FileFault {
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint += codePoint < 0x3000 ? 1 : 0x3fd) {
            if (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
                StringBuilder escaped = new StringBuilder("\"");
                String text = Character.toString(codePoint);
                text.chars().forEach(unit -> escaped.append(String.format("\\u%04x", unit)));
                assertThat(read(escaped.append('"').toString())).isEqualTo(text);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[",
                "}",
                "]",
                "[1",
                "[1,",
                "[1,]",
                "[,1]",
                "[1 2]",
                "[1}",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{a:1}",
                "{1:1}",
                "{\"a\" 1}",
                "{\"a\":1 \"b\":2}",
                "{\"a\":1,\"a\":2}",
                "{\"a\":1,\"\\u0061\":2}",
                "1 2",
                "{} x",
                "01",
                "-",
                "+1",
                "1.",
                ".5",
                "1e",
                "1e+",
                "0x1",
                "NaN",
                "Infinity",
                "1e309",
                "-1e309",
                "9223372036854775808",
                "1.000000000000000000000000000000000",
                "true",
                "null",
                "'a'",
                "\"",
                "\"a",
                "\"\\",
                "\"\\\"",
                "\"\\x\"",
                "\"\\u12\"",
                "\"\\u12g4\"",
                "\"\\ud83d\"",
                "\"\\ude00\"",
                "\"\\ud83dx\"",
                "\"\\ud83d\\n\"",
                "\"\\ud83d\\ud83d\"",
                "\"\n\"",
                "\"\t\"",
                "\uFEFF{}",
                "/**/1"
            })
    void faults_areRefusedWithTheirPlace(String text) {
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        assertThatExceptionOfType(FileFault.class)
                .isThrownBy(() -> read(text))
                .withMessageMatching("expected .+, got .+\\. .+\\.")
                .satisfies(e -> assertThat(e.position()).isBetween(100L, 100L + length));
    }

    @Test
    void string_invalidUtf8_isRefused() {
        byte[][] faults = {
            {'"', (byte) 0x80, '"'},
            {'"', (byte) 0xc3, '"'},
            {'"', (byte) 0xc0, (byte) 0xaf, '"'}, // overlong
            {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'}, // half a surrogate pair
            {'"', (byte) 0xf5, (byte) 0x80, (byte) 0x80, (byte) 0x80, '"'}, // above U+10FFFF
            {'"', (byte) 0xe2, (byte) 0x82, '\\', 'n', '"'},
        };
        for (byte[] text : faults) {
            assertThatExceptionOfType(FileFault.class)
                    .isThrownBy(() -> read(text))
                    .withMessageContaining("expected a string in UTF-8");
        }
    }

    @Test
    void depth_beyond32_isRefused() throws FileFault {
        assertThat(read("[".repeat(32) + "]".repeat(32))).startsWith("[[");
        assertThatExceptionOfType(FileFault.class)
                .isThrownBy(() -> read("[".repeat(33) + "]".repeat(33)))
                .withMessageContaining("at most 32 levels");
    }
}
