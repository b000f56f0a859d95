import MusterCore

extension FakeGoogleState {
    /// A page of a list: which entries, and the token of the next one.
    struct Page {
        var range: Range<Int>
        var next: String?
    }

    /// Cuts a page out of so many entries.
    func page(_ count: Int, query: [String: String]) -> Page {
        let size = max(1, min(settings.pageSize, query["maxResults"].flatMap { Int($0) } ?? 500))
        let start = min(query["pageToken"].flatMap { Int($0.dropFirst("page-".count)) } ?? 0, count)
        let end = min(count, start + size)
        return Page(range: start..<end, next: end < count ? "page-\(end)" : nil)
    }

    /// `aggregated/instances`.
    func aggregated(query: [String: String], project: String) -> Answer {
        let found = filtered(query["filter"], zone: nil).filter { !settings.unreachable.contains($0.zone) }
        let page = page(found.count, query: query)
        let size = max(1, min(settings.pageSize, query["maxResults"].flatMap { Int($0) } ?? 500))
        if let failing = settings.failingPage, page.range.lowerBound / size >= failing {
            return FakeGoogleError.answer(503, "backendError", "Backend Error")
        }
        let shown = Dictionary(grouping: found[page.range], by: \.zone)
        var scopes: [(String, GoogleJSON)] = []
        for zone in settings.zones.sorted() {
            let content: GoogleJSON
            if settings.unreachable.contains(zone) {
                content = [
                    "warning": ["code": "UNREACHABLE", "message": .text("The zone \(zone) is unreachable.")]
                ]
            } else if let instances = shown[zone] {
                content = ["instances": .list(instances.map { json($0, project) })]
            } else {
                content = [
                    "warning": [
                        "code": "NO_RESULTS_ON_PAGE",
                        "message": .text("There are no results for scope 'zones/\(zone)' on this page."),
                        "data": [["key": "scope", "value": .text("zones/\(zone)")]],
                    ]
                ]
            }
            scopes.append(("zones/\(zone)", content))
        }
        let unreachable = settings.unreachable.sorted().map {
            GoogleJSON.text("projects/\(project)/zones/\($0)")
        }
        let body: GoogleJSON = ["kind": "compute#instanceAggregatedList", "items": .object(scopes)]
        return (
            200,
            body.with("nextPageToken", page.next.map(GoogleJSON.text))
                .with("unreachables", unreachable.isEmpty ? nil : .list(unreachable))
        )
    }

    /// `instances.list` of a zone.
    func list(zone: String, query: [String: String], project: String) -> Answer {
        let found = filtered(query["filter"], zone: zone)
        let page = page(found.count, query: query)
        let body: GoogleJSON = [
            "kind": "compute#instanceList", "items": .list(found[page.range].map { json($0, project) }),
        ]
        return (200, body.with("nextPageToken", page.next.map(GoogleJSON.text)))
    }

    private func filtered(_ filter: String?, zone: String?) -> [Instance] {
        let filter = FakeGoogleFilter(settings.ignoresFilters ? nil : filter)
        return instances.values.filter { instance in
            (zone.map { $0 == instance.zone } ?? true)
                && filter.accepts { field in
                    field.hasPrefix("labels.")
                        ? instance.label(String(field.dropFirst("labels.".count))) : nil
                }
        }.sorted { $0.path < $1.path }
    }

    /// `instances.get`, by name or by number.
    func get(_ name: String, in zone: String, project: String) -> Answer {
        guard
            let found = instances.values.first(where: {
                $0.zone == zone && ($0.name == name || $0.number == name)
            })
        else { return FakeGoogleError.notFound("projects/\(project)/zones/\(zone)/instances/\(name)") }
        return (200, json(found, project))
    }

    /// Operations of a scope, the newest first where that is asked for.
    func list(
        operationsIn scope: Operation.Scope, query: [String: String], project: String, at now: Timestamp
    ) -> Answer {
        // As Google does.
        guard query["filter"] == nil || query["orderBy"] == nil else {
            return FakeGoogleError.invalid("Invalid value for field 'orderBy'")
        }
        let filter = FakeGoogleFilter(query["filter"])
        var found = operations.filter { operation in
            operation.scope == scope
                && filter.accepts { field in
                    switch field {
                    case "clientOperationId": operation.requestID
                    case "operationGroupId": operation.group
                    case "operationType": operation.type
                    default: nil
                    }
                }
        }
        if query["orderBy"] == "creationTimestamp desc" { found.reverse() }
        let page = page(found.count, query: query)
        let body: GoogleJSON = [
            "kind": "compute#operationList",
            "items": .list(found[page.range].map { json($0, project, at: now) }),
        ]
        return (200, body.with("nextPageToken", page.next.map(GoogleJSON.text)))
    }
}

/// A filter: comparisons for equality, any of which must hold.
struct FakeGoogleFilter {
    private let terms: [(field: String, value: String)]

    init(_ text: String?) {
        terms = (text ?? "").components(of: " OR ").compactMap { term in
            let parts = term.filter { !"()".contains($0) }.components(of: " = ")
            guard parts.count == 2 else { return nil }
            return (parts[0], parts[1].filter { $0 != "\"" })
        }
    }

    func accepts(_ value: (String) -> String?) -> Bool {
        terms.isEmpty || terms.contains { value($0.field) == $0.value }
    }
}

extension String {
    /// The parts between a separator of several characters.
    fileprivate func components(of separator: String) -> [String] {
        var parts: [String] = []
        var rest = self[...]
        while let found = rest.firstRange(of: separator) {
            parts.append(String(rest[..<found.lowerBound]))
            rest = rest[found.upperBound...]
        }
        return parts + [String(rest)]
    }
}
