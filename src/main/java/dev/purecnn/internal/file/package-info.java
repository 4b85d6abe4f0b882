/** Model files: the safetensors format, read, checked and written; and how a file takes another's place. Knows no layer. */
package dev.purecnn.internal.file;
