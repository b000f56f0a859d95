import MusterAPI

extension ServiceClient {
    /// The first `limit` elements of a listing, page after page.
    ///
    /// Its token says where the rest begins, if there is one.
    func list<Answer: PagedAnswer>(
        _ path: String, _ filter: [(name: String, value: String?)], limit: Int, _ type: Answer.Type
    ) async throws -> Answer {
        var elements: [Answer.Element] = []
        var token: String?
        repeat {
            let size = min(limit - elements.count, ClientPolicy.pageSize)
            let parameters = filter + [("limit", "\(size)"), ("continuationToken", token)]
            let page = try await get(APIPath.query(path, parameters), type)
            elements += page.elements
            token = page.continuationToken
        } while token != nil && elements.count < limit
        return Answer(elements: elements, continuationToken: token)
    }
}
