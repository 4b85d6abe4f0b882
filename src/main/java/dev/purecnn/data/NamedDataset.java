package dev.purecnn.data;

import dev.purecnn.internal.text.ClassNames;
import java.util.List;

/** Another dataset with names for its classes. */
final class NamedDataset extends DatasetView {
    private final List<String> names;

    NamedDataset(Dataset source, List<String> names) {
        super(source);
        this.names = ClassNames.checked("Dataset.withClassNames", names, source.classes());
    }

    @Override
    Dataset over(Dataset otherSource) {
        return new NamedDataset(otherSource, names);
    }

    @Override
    public List<String> classNames() {
        return names;
    }
}
