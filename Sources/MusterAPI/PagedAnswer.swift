/// A page of a listing.
public protocol PagedAnswer: Codable, Sendable {
    /// What is listed.
    associatedtype Element: Codable & Sendable

    /// What is on the page.
    var elements: [Element] { get }
    /// Where the next page begins; absent on the last.
    var continuationToken: String? { get }

    /// Makes a page.
    init(elements: [Element], continuationToken: String?)
}

extension TasksAnswer: PagedAnswer {
    public var elements: [TaskDocument] { tasks }

    public init(elements: [TaskDocument], continuationToken: String?) {
        self.init(tasks: elements, continuationToken: continuationToken)
    }
}
