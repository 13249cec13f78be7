// Package fault breaks a sandbox in known ways, so that clients and checks can be
// tested against a server that does not keep its word. [Wrap] puts faults around a
// sandbox; [Catalogue] lists the faults there are.
//
//	broken, err := fault.Wrap(sandbox, "kinabase", "total-missing", "latency:2s")
//
// A fault is of one of two classes. Those of [Transport] break the way an answer takes:
// they delay it, cut it off, or answer instead of the sandbox. They hit all operations
// unless they are aimed at one. Those of [Contract] break what an answer says. Most
// belong to one operation, and can be aimed at any other that answers the same thing.
//
// # Aiming
//
// A fault is named, and aimed, like this, where all but the id may be left out:
//
//	ID@OPERATION#CALLS%RATE:VALUE
//
//	server-error                  every call is answered with 500
//	server-error@getItem          every call of getItem
//	server-error@*#3              the third call, whatever it is
//	server-error@getItem#2-5      the second to the fifth call of getItem
//	server-error@getItem#4-       all calls of getItem but the first three
//	server-error%25               a quarter of the calls, drawn by chance
//	latency@listRecords:250ms     every call of listRecords waits for 250 ms
//	unavailable#1:7               the first call is answered with 503 and Retry-After: 7
//
// Calls are counted from 1, for each fault by itself, and only those of the operations
// that it is aimed at. Chance comes from a generator with a seed ([Config]): the same
// seed and the same order of calls give the same faults. For a fault of class Contract,
// * means all operations that have what the fault breaks.
//
// Several faults break an answer one after the other, in the order in which they are
// given. A fault that edits JSON leaves alone what an earlier one has made no JSON of.
// Calls that no fault hits go through to the sandbox as if nothing were around it.
//
// Faults that break connections need the server's connection, which HTTP/1.1 servers of
// net/http hand out. Elsewhere they panic with [http.ErrAbortHandler], with which HTTP/2
// servers reset the stream.
package fault
