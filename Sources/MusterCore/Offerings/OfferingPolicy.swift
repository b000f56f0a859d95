/// For how long offerings are left alone, each with its reason.
public enum OfferingPolicy {
    /// What is out of capacity now is usually out for minutes, and a refused probe costs one call.
    static let capacity = Duration.seconds(3 * 60)
    /// A quota frees up as instances end or when a person asks for more: both take longer than a shortage.
    static let quota = Duration.seconds(10 * 60)
    /// What was unavailable so long ago says nothing any more: it needs no probe, and its mark is forgotten.
    public static let memory = Duration.seconds(15 * 60)
    /// With nothing else to launch from, what is marked is tried as often as what rests.
    static let longestClosure = DecisionPolicy.longestRestAlone
    /// Bytes; what is longer is no name of an offering, and would be stored for every error.
    static let longestName = 1_024
}
