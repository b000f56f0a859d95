import MusterTesting
import Testing

extension Trait where Self == ConditionTrait {
    /// What can only be seen of the engine that keeps its state in a file, for one process.
    static var ofFileEngine: Self {
        .enabled(if: StoreEngine.chosen == .sqlite, "it is of the engine that keeps its state in a file")
    }
}
