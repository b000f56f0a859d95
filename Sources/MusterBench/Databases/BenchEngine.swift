/// An engine of the store that is measured.
enum BenchEngine: String, CaseIterable, Sendable {
    case sqlite
    case postgres
}
