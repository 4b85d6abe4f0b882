package dev.purecnn;

import static dev.purecnn.Bits.assertSameBits;
import static dev.purecnn.Listeners.onEpoch;
import static dev.purecnn.TestNetworks.CLASSES;
import static dev.purecnn.TestNetworks.INPUT;
import static dev.purecnn.TestNetworks.batch;
import static dev.purecnn.TestNetworks.images;
import static dev.purecnn.TestNetworks.labels;
import static dev.purecnn.TestNetworks.small;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.purecnn.data.Dataset;
import dev.purecnn.evaluation.Evaluation;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.MaxPoolingLayer;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.layer.Shape;
import dev.purecnn.training.EpochResult;
import dev.purecnn.training.History;
import dev.purecnn.training.TrainingListener;
import dev.purecnn.training.TrainingOptions;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class CnnTest {
    private static final Dataset TRAIN = images(200, 1);
    private static final Dataset TEST = images(50, 2);

    // ---- what it looks like

    @Test
    void toString_notebooksNetwork_readsAsInNotebook() {
        CNN cnn = CNN.builder(Shape.of(1, 28, 28))
                .layers(
                        new ConvolutionalLayer(1, 3, 3),
                        new MaxPoolingLayer(2),
                        new ConvolutionalLayer(3, 1, 3),
                        new ReLULayer(),
                        new DenseSoftmaxLayer(14 * 14, 10))
                .seed(1)
                .quiet()
                .build();
        assertThat(cnn)
                .hasToString("<CNN: lr=0.01, lr_decay=0.9,\n"
                        + "layers=(\n"
                        + "  <ConvolutionalLayer: (1, 3, 3), momentum=0.0>,\n"
                        + "  <MaxPoolingLayer: 2>,\n"
                        + "  <ConvolutionalLayer: (3, 1, 3), momentum=0.0>,\n"
                        + "  <ReLULayer>,\n"
                        + "  <DenseSoftmaxLayer: (196, 10)>\n"
                        + ")>");
    }

    @Test
    void summary_smallNetwork_countsParametersAndMultiplyAdds() {
        List<String> lines = small(5).build()
                .summary()
                .lines()
                .map(line -> line.replaceAll(" {2,}", " | ").strip())
                .toList();
        assertThat(lines.subList(0, 8))
                .containsExactly(
                        "layer | output | parameters | multiply-adds",
                        "images | 1 x 8 x 6 |",
                        "<ConvolutionalLayer: (1, 3, 3), momentum=0.0> | 3 x 8 x 6 | 30 | 1,296",
                        "<MaxPoolingLayer: 2> | 3 x 4 x 3 | 0 | 0",
                        "<ReLULayer> | 3 x 4 x 3 | 0 | 0",
                        "<ConvolutionalLayer: (3, 4, 3), padding=1, momentum=0.5> | 4 x 4 x 3 | 112 | 1,296",
                        "<DenseSoftmaxLayer: (48, 4)> | 4 x 1 x 1 | 196 | 192",
                        "total | 338 | 2,784");
        assertThat(lines.subList(8, lines.size())).singleElement().asString().matches("seed 5, (plain|vector) kernels");
    }

    @Test
    void layersAndParameters_ofNetwork_areUnmodifiableAndInOrder() {
        CNN cnn = small(1).build();
        assertThat(cnn.layers()).hasSize(5).isUnmodifiable();
        assertThat(cnn.parameters())
                .extracting(Object::toString)
                .containsExactly(
                        "weights (3 x 3 x 3)", "biases (3 x 1 x 1)",
                        "weights (12 x 3 x 3)", "biases (4 x 1 x 1)",
                        "weights (1 x 4 x 48)", "biases (4 x 1 x 1)");
        assertThat(cnn.parameters()).isUnmodifiable();
    }

    // ---- seeds

    @Test
    void seed_sameTwice_givesSameModel() {
        assertThat(trained(7).fingerprint()).isEqualTo(trained(7).fingerprint());
    }

    @Test
    void seed_another_givesAnotherModel() {
        assertThat(small(7).build().fingerprint()).isNotEqualTo(small(8).build().fingerprint());
        assertThat(trained(7).fingerprint()).isNotEqualTo(trained(8).fingerprint());
    }

    @Test
    void seed_notGiven_isDrawnAndRepeatsTheModel() {
        List<Long> shown = new ArrayList<>();
        CNN drawn = CNN.builder(INPUT)
                .layers(new DenseSoftmaxLayer(INPUT.size(), CLASSES))
                .listener(new TrainingListener() {
                    @Override
                    public void seedDrawn(long seed) {
                        shown.add(seed);
                    }
                })
                .build();
        assertThat(shown).containsExactly(drawn.seed());
        CNN again = TestNetworks.withLayers(new DenseSoftmaxLayer(INPUT.size(), CLASSES))
                .seed(drawn.seed())
                .build();
        assertThat(again.fingerprint()).isEqualTo(drawn.fingerprint());
    }

    private static CNN trained(long seed) {
        CNN cnn = small(seed).build();
        cnn.trainTestCycle(2, 1, TRAIN, TEST, 60);
        return cnn;
    }

    @Test
    void fingerprint_ofParameters_isTheirSha256BigEndian() throws Exception {
        CNN cnn = small(3).build();
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        cnn.parameters().forEach(parameter -> {
            ByteBuffer bytes = ByteBuffer.allocate(8 * parameter.values().length);
            Arrays.stream(parameter.values()).forEach(bytes::putDouble);
            digest.update(bytes.array());
        });
        assertThat(cnn.fingerprint()).isEqualTo(HexFormat.of().formatHex(digest.digest()));
    }

    @Test
    void fingerprint_oneBitChanged_differs() {
        CNN cnn = small(3).build();
        String before = cnn.fingerprint();
        double[] last = cnn.parameters().get(5).values();
        last[3] = -0.0; // was 0.0
        assertThat(cnn.fingerprint()).isNotEqualTo(before);
    }

    // ---- predictions

    @Test
    void predict_anyImage_answersProbabilitiesInNewArray() {
        CNN cnn = trained(7);
        double[] image = TEST.image(0);
        double[] copy = image.clone();
        double[] first = cnn.predict(image);
        assertThat(first).hasSize(CLASSES);
        assertThat(Arrays.stream(first).sum()).isCloseTo(1.0, within(1e-12));
        assertThat(image).isEqualTo(copy);
        double[] second = cnn.predict(image);
        assertThat(second).isNotSameAs(first);
        assertSameBits(second, first);
    }

    @Test
    void classify_anyImage_answersMostProbable() {
        CNN cnn = trained(7);
        for (int i = 0; i < TEST.size(); i++) {
            double[] probabilities = cnn.predict(TEST.image(i));
            double max = Arrays.stream(probabilities).max().orElseThrow();
            assertThat(probabilities[cnn.classify(TEST.image(i))]).isEqualTo(max);
        }
    }

    @Test
    void classify_equalProbabilities_answersFirst() {
        CNN cnn = small(1).build();
        cnn.parameters().forEach(parameter -> Arrays.fill(parameter.values(), 0.0));
        assertThat(cnn.classify(TEST.image(0))).isZero();
    }

    @Test
    void predictAll_anyNumberOfImages_equalsPredictBitForBit() {
        for (int threads : new int[] {1, 3}) {
            CNN cnn = small(7).threads(threads).build();
            cnn.trainTestCycle(1, 1, TRAIN, TEST, 20);
            for (int count : new int[] {1, 2, 15, 16, 17, 50}) {
                double[] all = cnn.predictAll(batch(TEST, 0, count));
                assertSameBits(cnn.predictAll(TEST.take(count)), all);
                assertThat(all).hasSize(count * CLASSES);
                for (int i = 0; i < count; i++) {
                    assertSameBits(Arrays.copyOfRange(all, i * CLASSES, (i + 1) * CLASSES), cnn.predict(TEST.image(i)));
                }
            }
        }
    }

    @Test
    void predictAll_ofDataset_doesNotLookAtLabels() {
        Dataset unlabelled = new ForwardingDataset(TEST) {
            @Override
            public int label(int index) {
                throw new AssertionError("asked for a label");
            }
        };
        assertThat(small(1).build().predictAll(unlabelled)).hasSize(TEST.size() * CLASSES);
    }

    @Test
    void test_anyImages_agreesWithPredictions() {
        CNN cnn = trained(7);
        double loss = 0;
        int hits = 0;
        for (int i = 0; i < TEST.size(); i++) {
            loss -= Math.log(cnn.predict(TEST.image(i))[TEST.label(i)]);
            hits += cnn.classify(TEST.image(i)) == TEST.label(i) ? 1 : 0;
        }
        Evaluation evaluation = cnn.test(TEST);
        assertThat(evaluation.loss()).isCloseTo(loss / TEST.size(), within(1e-12));
        assertThat(evaluation.accuracy()).isEqualTo((double) hits / TEST.size());
        assertThat(evaluation.numSamples()).isEqualTo(TEST.size());
    }

    @Test
    void test_anyThreads_givesSameBits() {
        Evaluation one = small(7).threads(1).build().test(TEST);
        Evaluation many = small(7).threads(5).build().test(TEST);
        assertSameBits(new double[] {many.loss(), many.accuracy()}, new double[] {one.loss(), one.accuracy()});
    }

    // ---- training

    @Test
    void trainTestCycle_learnableImages_learns() {
        CNN cnn = small(7).learningRate(0.02).build();
        Evaluation before = cnn.test(TEST);
        Evaluation after = cnn.trainTestCycle(4, 2, TRAIN, TEST);
        assertThat(after.accuracy()).isGreaterThan(0.9).isGreaterThan(before.accuracy());
        assertThat(after.loss()).isLessThan(before.loss());
        assertThat(cnn.test(TEST)).isEqualTo(after);
    }

    @Test
    void trainTestCycle_withoutSampleSize_takesAllImages() {
        List<EpochResult> epochs = new ArrayList<>();
        CNN cnn = small(7).listener(onEpoch(epochs::add)).build();
        cnn.trainTestCycle(1, 1, TRAIN, TEST);
        assertThat(epochs).extracting(result -> result.training().numSamples()).containsExactly(TRAIN.size());
    }

    @Test
    void trainTestCycle_cycles_goOnWithFallingRate() {
        List<EpochResult> epochs = new ArrayList<>();
        CNN cnn = small(7).learningRate(0.5)
                .learningRateDecay(0.5)
                .listener(onEpoch(epochs::add))
                .build();
        cnn.trainTestCycle(2, 2, TRAIN, TEST, 5);
        cnn.trainTestCycle(1, 1, TRAIN, TEST, 5);
        assertThat(epochs).extracting(EpochResult::learningRate).containsExactly(0.5, 0.25, 0.125, 0.0625, 0.03125);
        assertThat(epochs).extracting(EpochResult::epoch).containsExactly(0, 1, 0, 1, 0);
        assertThat(epochs).extracting(EpochResult::epochs).containsExactly(2, 2, 2, 2, 1);
    }

    @Test
    void trainTestCycle_batchOfOne_isTrainWithBatchSizeOne() {
        CNN cycled = small(7).build();
        cycled.trainTestCycle(2, 1, TRAIN, TEST, 40);
        CNN trained = small(7).build();
        trained.train(
                TRAIN,
                null,
                TrainingOptions.builder().epochs(2).batchSize(1).sampleSize(40).build());
        assertThat(trained.fingerprint()).isEqualTo(cycled.fingerprint());
    }

    @Test
    void train_inOrder_isTrainOnBatchOneByOne() {
        CNN trained = small(7).build();
        trained.train(
                TRAIN,
                null,
                TrainingOptions.builder().batchSize(32).shuffle(false).build());
        CNN stepped = small(7).build();
        for (int from = 0; from < TRAIN.size(); from += 32) {
            TestNetworks.step(stepped, TRAIN, from, Math.min(32, TRAIN.size() - from));
        }
        assertThat(stepped.fingerprint()).isEqualTo(trained.fingerprint());
    }

    @Test
    void train_withValidation_tellsItWithTheEpoch() {
        List<Evaluation> tests = new ArrayList<>();
        List<EpochResult> epochs = new ArrayList<>();
        CNN cnn = small(7).listener(new TrainingListener() {
                    @Override
                    public void tested(Evaluation evaluation) {
                        tests.add(evaluation);
                    }
                })
                .build();
        History history = cnn.train(
                TRAIN,
                TEST,
                TrainingOptions.builder()
                        .epochs(3)
                        .listener(onEpoch(epochs::add))
                        .build());
        assertThat(epochs).hasSize(3).isEqualTo(history.epochs());
        assertThat(history.ending()).isEqualTo(History.Ending.ALL_EPOCHS);
        assertThat(tests).isEmpty(); // that would be one more line for each epoch
        assertThat(epochs.get(2).validation()).isEqualTo(cnn.test(TEST));
        assertThat(epochs.get(1).validation()).isNotEqualTo(cnn.test(TEST));
    }

    @Test
    void train_withoutValidation_hasNone() {
        History history =
                small(7).build().train(TRAIN, null, TrainingOptions.builder().build());
        assertThat(history.epochs())
                .singleElement()
                .extracting(EpochResult::validation)
                .isNull();
    }

    @Test
    void train_optionsWithRate_useItInsteadOfOwn() {
        List<EpochResult> epochs = new ArrayList<>();
        CNN cnn = small(7).listener(onEpoch(epochs::add)).build();
        cnn.train(
                TRAIN,
                null,
                TrainingOptions.builder()
                        .epochs(3)
                        .learningRate(0.25)
                        .learningRateDecay(0.5)
                        .build());
        assertThat(epochs).extracting(EpochResult::learningRate).containsExactly(0.25, 0.125, 0.0625);
    }

    @Test
    void trainOnBatch_anyBatch_answersMeanLossBeforeStep() {
        CNN cnn = small(7).build();
        double before = cnn.test(TRAIN.take(32)).loss();
        double answered = cnn.trainOnBatch(batch(TRAIN, 0, 32), labels(TRAIN, 0, 32));
        assertThat(answered).isCloseTo(before, within(1e-14));
        assertThat(cnn.test(TRAIN.take(32)).loss()).isLessThan(before);
    }
}
