/// How this program was made.
enum Build {
    /// Whether it was made to be fast: figures of anything else say nothing.
    static let isOptimised: Bool = {
        #if DEBUG
            false
        #else
            true
        #endif
    }()

    /// The compiler, as far as a program can know.
    static let compiler: String = {
        #if compiler(>=6.4)
            "6.4 or later"
        #elseif compiler(>=6.3)
            "6.3"
        #else
            "6.2"
        #endif
    }()
}
