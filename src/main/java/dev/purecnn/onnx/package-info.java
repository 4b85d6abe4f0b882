/**
 * Models in from other tools, and out to them: {@link dev.purecnn.onnx.OnnxImport} makes a network of an ONNX model, {@link
 * dev.purecnn.onnx.OnnxExport} writes one, and {@link dev.purecnn.onnx.Weights} reads what PyTorch, Keras and others saved as
 * safetensors.
 *
 * <p>Depends on {@code dev.purecnn}, {@code dev.purecnn.data}, {@code dev.purecnn.layer} and the internals below them; nothing depends on it. What a file
 * says is data: nothing that it names is opened or run.
 */
package dev.purecnn.onnx;
