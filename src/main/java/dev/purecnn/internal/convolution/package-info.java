/**
 * One convolution, four ways: {@link dev.purecnn.internal.convolution.ReferenceConvolution} is the definition, {@link
 * dev.purecnn.internal.convolution.DirectConvolution} does the same work as products of matrices, and {@link
 * dev.purecnn.internal.convolution.WinogradConvolution} multiplies less, and {@link
 * dev.purecnn.internal.convolution.DepthwiseConvolution} does without products. May use the kernels, and nothing above them.
 *
 * <h2>From windows to a product</h2>
 *
 * <p>Take an image of 4 x 4 cells, one filter of 3 x 3, and a padding of 1. Write the image down with zeros around it, row after row.
 * The zero at the end of a row may be the one before the next row as well: this <em>overlap</em> of 1 makes rows 5 long, not 6.
 *
 * <pre>
 * place   0  1  2  3  4
 *    0    0  0  0  0  0
 *    5    0  a  b  c  d
 *   10    0  e  f  g  h
 *   15    0  i  j  k  l
 *   20    0  m  n  o  p
 *   25    0  0  0  0  0  0
 * </pre>
 *
 * <p>Output (y, x) is the sum of weight (r, s) times the number at place 5 * (y + r) + x + s, which is {@code q + offset} with
 * {@code q = 5 * y + x} and {@code offset = 5 * r + s}. So all outputs together are a product of matrices, {@code C[m][q] = sum over k
 * of A[m][k] * B[offset[k] + q]}: A holds the weights, one row per filter, and row k of B is the image itself from another place on. No
 * window is copied. For q = 4, 9 and 14, windows reach over the end of a row: those results are never looked at, which is cheaper than a
 * loop for each row. With more channels, their planes follow each other, and so do their offsets.
 *
 * <p>A product of few columns waits for its weights to come from memory: 19 MB for 512 x 512 filters of 3 x 3, and on a plane of 2 x 2
 * they meet 5 columns. So several images lie side by side: number i of n has its place p at {@code p * n + i}, offsets are n times as large,
 * and one product has n times as many columns. Each output is the same chain of additions as alone. A filter of 1 x 1 needs no zeros
 * around, and large images are its B as they are.
 *
 * <h2>Strides: phases</h2>
 *
 * <p>With stride 2, neighbouring outputs see every second cell, and vectors want neighbours. So cells are sorted by
 * <em>phase</em>: counted with the padding, cell i goes to place i / 2 of phase i % 2. A row of the same image becomes
 *
 * <pre>
 * counted with padding   0  1  2  3  4  5
 *                        0  a  b  c  d  0
 * phase 0                0  b  d
 * phase 1                a  c  0
 * </pre>
 *
 * <p>Tap t of the filter meets counted cells 0 + t and 2 + t for the two outputs. Those of taps 0 and 2 lie in phase 0, from places 0 and 1
 * on; those of tap 1 in phase 1, from place 0 on. This first place is the tap's <em>shift</em>, {@code t * dilation / stride}; its phase is
 * {@code t * dilation % stride}. Only phases that some tap meets are laid out, so a stride in the billions costs nothing. Rows are
 * sorted the same way, which gives planes for each pair of phases; a dilation is just other offsets.
 *
 * <h2>The way back</h2>
 *
 * <p>The input at place p of a phase was met by each tap of that phase for output p - shift: its gradient is the sum of weight times loss
 * gradient there. That is a product again, with the filters as k, if the loss gradient is laid out with zeros around: the
 * <em>lead</em> before it, as many as the largest shift reaches beyond the start, and as many after it as the last place needs. In the
 * example the lead is 1, for the first cell, at place 1, is met by tap 2 for output -1. Both layouts share one row length, so that places
 * and outputs count alike.
 *
 * <p>A weight's gradient is the sum over q of loss gradient times {@code B[offset + q]}. The zeros between the rows of the loss gradient
 * take out what lies between the rows of the image. With few channels this is {@link
 * dev.purecnn.internal.kernel.Kernels#dot}, with many a product whose lanes are channels, {@link
 * dev.purecnn.internal.convolution.ChannelSums}.
 *
 * <h2>Winograd's tiles</h2>
 *
 * <p>Four neighbouring outputs of a filter of three weights take twelve multiplications; six are enough, see {@link
 * dev.purecnn.internal.kernel.WinogradKernels}. Over rows and columns, a tile of 4 x 4 outputs takes 36 instead of 144. The 4 x 4 outputs
 * above are one tile, and its window are the 6 x 6 cells of the image with zeros around; a larger image is cut into tiles whose windows
 * begin four cells apart. Each window and each filter is transformed to 36 numbers; number i of a tile's outputs is the sum over the channels
 * of number i of the filter times number i of the window. So there are 36 products, whose rows are tiles and whose columns are filters.
 *
 * <p>All of this works on 8 channels at once, which lie side by side as {@link dev.purecnn.internal.convolution.Lanes lanes}: on every
 * machine, whatever the length of its vectors, and in plain Java.
 *
 * <h2>Depthwise</h2>
 *
 * <p>Where each channel has one filter of 3 x 3 of its own, an output takes nine multiplications, and a product of one row would spend its time
 * on copying planes. So planes stay where they are. A vector of neighbouring outputs goes down the plane: each row of the image is read once,
 * from three places, for the filter's three columns, and adds to three rows of outputs. What a vector reads beyond the end of a row, it
 * replaces by zeros. With stride 2, even and odd columns are put apart first. An input's gradient is found in the same way from the loss
 * gradient, from the bottom up, so that weights come in their order; and a weight's is summed up while a vector goes down both planes.
 *
 * <h2>Runs</h2>
 *
 * <p>A chain's convolutions, with the activation and the pooling that follow each, make a {@link
 * dev.purecnn.internal.convolution.ConvolutionRun}. Each stage gives strips, four rows of outputs of 8 filters, to its {@link
 * dev.purecnn.internal.convolution.Tail}, which activates and pools them while they are in the cache, and writes them into the lanes that the
 * next stage reads. So there are as many images between two stages as the next one takes at once; only training keeps all.
 */
package dev.purecnn.internal.convolution;
