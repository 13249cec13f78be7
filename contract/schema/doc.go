// Package schema validates JSON while it streams. [Compile] turns a schema of OpenAPI 3.0, or
// of JSON Schema 2020-12 as OpenAPI 3.1 uses it, into a [Validator], and [Validator.Validate]
// holds a body against it:
//
//	v, err := schema.Compile(doc.Components.Schemas["Order"], schema.Options{}.In(doc))
//	findings, err := v.Validate(ctx, body)
//	valid := schema.Valid(findings)
//
// where doc is an openapi3.T, which says by its version what its schemas mean. [Parse] reads a
// schema that stands alone.
//
// [Tee] is a body that is validated by being read, so that whoever decodes it does both in one
// pass, and [Items] yields the elements of a list on the way, each validated.
//
// # Why
//
// The validators there are read a body whole, decode it into maps, and walk those. For a list
// of 48 MB that is ten times its size in memory, and several times what the caller's own
// decoding takes. A schema, though, rarely looks back: almost all it says of a value can be
// decided when the value passes by.
//
// # The algorithm
//
// Compilation turns schemas into nodes. A node is the conjunction of all schemas that apply to
// one value; allOf is gone after it, since a part of an allOf is one more schema of the
// conjunction, and what the schemas say of a property is joined into one more node. Nodes are
// known by the set of their schemas and made when they are first met, so that a recursive
// schema becomes a graph with a cycle. The number of sets could be exponential; it has a limit.
//
// While one node is all that applies, the walk is a plain recursive descent: a token, the rules
// for its kind, the node of each member. Members come in the order in which they came the last
// time, mostly, so the successor of each property is remembered and compared first; only a
// miss is a look into a table. A bit for each property tells at the end what is missing, and on
// the way what came twice.
//
// anyOf, oneOf, not, if and dependentSchemas apply several nodes to one value, of which some
// may fail. Each alternative is a branch with a life of its own, and the value is read once for
// all of them: an eval is a node with the branch that it can kill, and what was one node in the
// descent is now a list of evals. Where the type of a value leaves one alternative of anyOf or
// oneOf, there is no branch: that node simply applies. At the end of the value each group is
// asked which of its branches live, from the inside out, and kills the branch that it is itself
// a part of, or is a finding.
//
// Take {"anyOf":[A, B]} and the body {"a":1,"b":2}, where A wants a string in a, and B a number
// in b. At the brace there are three evals: of the schema, which has no owner, and of A and B,
// each owned by its branch. The 1 is held against A's property alone, fails, and kills A's
// branch; A is dropped from there on. At the closing brace B lives, which is enough.
//
// These hold throughout:
//
//   - Evals, branches, groups, bits and names are stacks. Who reads a value leaves them as they
//     were, so that nothing is allocated once they have grown, and memory follows the depth.
//     After an error they are emptied together, so that a run can be used again whatever has
//     happened to it, a panic of an observer included.
//   - The owner of an eval is open as long as the eval is: a branch outlives all that can kill
//     it, and those under it die with it.
//   - An eval of a dead branch may be dropped at any value, and never revived. When one is left
//     the descent is plain again.
//   - A failure either kills a branch or is a finding, never both. What is only a remark waits
//     for its branch.
//   - Refusals end a validation when there are enough, remarks never do: behind a hundred of
//     them may be a refusal.
//   - A finding owns its memory. It has no part of the scanner's buffer or of a stack.
//
// An enum or const with arrays and objects is compiled into schemas that only their equals fit,
// and so needs no memory. A discriminator kills the branches that it does not choose, and the
// failures of the one that it chooses are findings of their own, so that a message names the
// property and not the oneOf. unevaluatedProperties asks, at the end of the object, whether any
// branch that lives has looked at a member.
//
// # References
//
// Before anything is joined, each schema that can be reached gets a place: the resource that
// the $id around it names, with its anchors and JSON pointers. References that the loader of
// openapi3 leaves open are looked up there, and what it joins with the keywords beside a $ref is
// taken apart. What a $dynamicRef means depends on the resources that lead to it. All that
// matters of them is, for each dynamic anchor, the outermost place; so a part of a conjunction is
// a schema with such a scope, and as names and places are finite, so is the graph. A schema
// without any $dynamicRef has no scopes.
//
// # What it costs
//
// A value takes time for each schema that is held against it, however deep it is; so the time
// for a body grows with its length, times a factor that the schema bounds. A pattern takes
// the length of the text times that of the pattern at worst. The factor can be large where
// alternatives share a schema that they refer to, as in a tree of "and" and "or" whose operator
// comes after its operands: each level doubles what is open. [Options.MaxAlternatives] bounds it.
//
// # What cannot be streamed
//
// uniqueItems needs all elements, duplicate names all names, and unevaluatedProperties the
// members that are still open. The first keeps a hash of each element, which does not depend on
// how it is written, and which no body can be made to collide in; all have the limit
// [Options.MaxNames]. Beyond it, and beyond every other limit, there is a finding of class
// [Unchecked]: what was not checked is never passed in silence.
//
// docs/schema-semantics.md says what a body means where implementations differ.
//
// # The road not taken
//
// Derivatives of schemas, as for regular expressions, would make one automaton of all
// alternatives; required and counts make its states explode. Generated code per schema
// would save the indirections of a node, and cost a compiler at run time. Buffering a value for
// each oneOf, as decoders do, is simple and makes nested alternatives quadratic. Evals of one
// node with several owners could be held against a value once for all of them, which would
// bound the doubling by the number of nodes: but a branch would then have several parents, and
// whether it lives, and whose a remark is, would be questions about a graph.
package schema
