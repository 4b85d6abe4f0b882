module consumer {
    requires dev.purecnn;
}
