/**
 * Convolutional neural networks in plain Java.
 *
 * <p>A module that trains and predicts requires only this one. Two things need more:
 *
 * <ul>
 *   <li>Reading CSV files: {@code requires com.opencsv;} and, since opencsv needs it without saying so, {@code requires
 *       org.apache.commons.lang3;}.
 *   <li>Reading JPEG and saving pictures: {@code requires java.desktop;}.
 * </ul>
 */
module dev.purecnn {
    requires static com.opencsv;
    // not transitive, so that the compiler asks users of pictures for it; view suppresses the warning "exports"
    requires static java.desktop;

    exports dev.purecnn;
    exports dev.purecnn.data;
    exports dev.purecnn.evaluation;
    exports dev.purecnn.layer;
    exports dev.purecnn.onnx;
    exports dev.purecnn.training;
    exports dev.purecnn.view;
}
