package ad

// How much one search asks for: filters, and bytes, of which Samba takes 256,000
// ("ldap max search request size").
const (
	MaxBatch      = 200
	MaxBatchBytes = 100_000
)

// NextBatch takes the alternatives that fit into one search.
func NextBatch(filters []Filter) (batch, rest []Filter) {
	n, size := 0, 0
	for n < min(MaxBatch, len(filters)) && (n == 0 || size+len(filters[n]) <= MaxBatchBytes) {
		size += len(filters[n])
		n++
	}
	return filters[:n], filters[n:]
}
