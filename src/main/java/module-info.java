/**
 * Convolutional neural networks in plain Java.
 *
 * <p>A module that trains and predicts requires this one and no other. Two things need more, and say so themselves, so that
 * nobody else carries them:
 *
 * <ul>
 *   <li>Reading CSV files takes opencsv, which in turn takes commons-lang3 without saying so: {@code requires com.opencsv;}
 *       and {@code requires org.apache.commons.lang3;}.
 *   <li>Pictures take {@code requires java.desktop;}.
 * </ul>
 */
module dev.purecnn {
    requires static com.opencsv;
    // not transitive, so that the compiler tells those who take pictures; view suppresses the warning "exports"
    requires static java.desktop;

    exports dev.purecnn;
    exports dev.purecnn.data;
    exports dev.purecnn.evaluation;
    exports dev.purecnn.layer;
    exports dev.purecnn.onnx;
    exports dev.purecnn.training;
    exports dev.purecnn.view;
}
