/// The labels by which Muster finds what is its own.
enum GoogleLabels {
    /// Whose instances they are.
    static let fleet = "muster-deployment"
    /// Which launch made them.
    static let launch = "muster-launch"
}
