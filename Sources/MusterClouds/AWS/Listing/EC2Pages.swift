import MusterCore
import MusterRuntime

/// Follows the pages of a call to their end.
struct EC2Pages: Sendable {
    let calls: EC2Calls

    /// The elements at a path, of all pages.
    ///
    /// - Throws: when a page fails, or the pages do not end: what there is is then not all.
    func elements(
        _ path: String, keeping: Set<String>?, of form: QueryForm, in region: String
    ) async throws(EC2Failure) -> [XMLElement] {
        var all: [XMLElement] = []
        var token: String?
        for _ in 0..<CloudPolicy.mostAWSPages {
            var page = form
            page.set("MaxResults", CloudPolicy.awsPage)
            if let token { page.set("NextToken", token) }
            let body = try await calls.send(page, in: region)
            let found: [(wish: Int, element: XMLElement)]
            do throws(Problem) {
                found = try XML.elements(
                    [XMLWish(path, keeping: keeping), XMLWish("nextToken")], in: body)
            } catch {
                throw EC2Failure(code: error.code.rawValue, message: error.message, mayHaveArrived: true)
            }
            all += found.filter { $0.wish == 0 }.map(\.element)
            guard let next = found.first(where: { $0.wish == 1 })?.element.text, !next.isEmpty else {
                return all
            }
            guard next != token else { break }
            token = next
        }
        throw EC2Failure(
            code: "answer-unexpected", message: "\(form.action) in \(region) gives pages without end",
            mayHaveArrived: true)
    }

    /// The instances that a form describes.
    func instances(_ form: QueryForm, in region: String) async throws(EC2Failure) -> [EC2Instance] {
        try await elements(
            EC2Instance.path, keeping: EC2Instance.kept, of: form, in: region
        ).compactMap(EC2Instance.init)
    }
}
