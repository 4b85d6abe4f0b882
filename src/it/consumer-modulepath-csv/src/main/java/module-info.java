module consumer {
    requires com.opencsv;
    requires dev.purecnn;
    requires org.apache.commons.lang3;
}
