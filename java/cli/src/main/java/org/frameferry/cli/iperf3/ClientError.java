// SPDX-License-Identifier: Apache-2.0
package org.frameferry.cli.iperf3;

/**
 * What a client can be told when there is no test: iperf3's error numbers, whose texts it prints, each with a Linux
 * error number, whose text most of them show after it. Constants; any thread.
 */
enum ClientError {
    /** The client has gone, or knows already. */
    NOTHING(0, 0),
    /** "test duration valid values are 0 to 86400 seconds". */
    DURATION(5, Errno.INVALID),
    /** "number of parallel streams too large". */
    STREAMS(6, Errno.INVALID),
    /** "bogus value for --omit". */
    OMIT(12, Errno.INVALID),
    /** "invalid burst count". */
    BURST(15, Errno.INVALID),
    /** "no SCTP support available". */
    NO_SCTP(18, Errno.NOT_SUPPORTED),
    /** "block size invalid". */
    BLOCK_SIZE(20, Errno.INVALID),
    /** "cannot be both reverse and bidirectional". */
    REVERSE_AND_BIDIRECTIONAL(24, Errno.INVALID),
    /** "test initialization failed: Protocol not supported". */
    NO_TCP(101, Errno.NOT_SUPPORTED),
    /** "unable to receive cookie at server". */
    COOKIE(106, Errno.PROTOCOL),
    /** "received an unknown control message". */
    MESSAGE(110, Errno.PROTOCOL),
    /** "unable to receive parameters from client". */
    PARAMETERS(114, Errno.INVALID),
    /** "unable to receive results". */
    RESULTS(117, Errno.PROTOCOL),
    /** "the server has terminated". */
    SERVER_TERMINATED(120, 0),
    /** "idle timeout for receiving data". */
    IDLE(144, Errno.TIMED_OUT),
    /** "unable to start stream listener". */
    STREAM_LISTEN(202, Errno.IO),
    /** "unable to accept stream connection". */
    STREAM_ACCEPT(204, Errno.TIMED_OUT);

    private final int number;
    private final int errno;

    ClientError(int number, int errno) {
        this.number = number;
        this.errno = errno;
    }

    /** iperf3's number. */
    int number() {
        return number;
    }

    /** Linux's number of a system error, 0: none. */
    int errno() {
        return errno;
    }

    /** Linux's EIO, EINVAL, EPROTO, EPROTONOSUPPORT and ETIMEDOUT. */
    private static final class Errno {
        static final int IO = 5;
        static final int INVALID = 22;
        static final int PROTOCOL = 71;
        static final int NOT_SUPPORTED = 93;
        static final int TIMED_OUT = 110;
    }
}
