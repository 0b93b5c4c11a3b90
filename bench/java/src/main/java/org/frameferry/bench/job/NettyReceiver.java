// SPDX-License-Identifier: Apache-2.0
package org.frameferry.bench.job;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;

/**
 * Netty's own transports for Linux, with one event loop. A buffer has room for a batch of datagrams, which makes the
 * one call recvmmsg, and the other submit as many receives at once.
 */
final class NettyReceiver implements DatagramReceiver {
    /** Several batches: with fewer a loop under load asks for events between any two. */
    private static final int MESSAGES_PER_READ = 16 * BATCH;

    private final Channel channel;

    private NettyReceiver(IoHandlerFactory io, Class<? extends Channel> type, ChannelOption<Integer> room,
            int receiveBuffer, Tally tally) {
        channel = new Bootstrap()
                .group(new MultiThreadIoEventLoopGroup(1,
                        new DefaultThreadFactory(Thread.currentThread().getName()), io))
                .channel(type).option(ChannelOption.SO_RCVBUF, receiveBuffer).option(room, ROOM)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(ChannelOption.RECVBUF_ALLOCATOR,
                        new FixedRecvByteBufAllocator(BATCH * ROOM).maxMessagesPerRead(MESSAGES_PER_READ))
                .handler(new Counter(tally)).bind(new InetSocketAddress("127.0.0.1", 0)).syncUninterruptibly()
                .channel();
    }

    static NettyReceiver epoll(int receiveBuffer, Tally tally) {
        return new NettyReceiver(EpollIoHandler.newFactory(), EpollDatagramChannel.class,
                EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, receiveBuffer, tally);
    }

    /** @throws UnsupportedOperationException if the kernel has no io_uring, or does not let us use it */
    static NettyReceiver ioUring(int receiveBuffer, Tally tally) {
        if (!IoUring.isAvailable()) {
            throw new UnsupportedOperationException(IoUring.unavailabilityCause());
        }
        return new NettyReceiver(IoUringIoHandler.newFactory(), IoUringDatagramChannel.class,
                IoUringChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, receiveBuffer, tally);
    }

    @Override
    public int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    @Override
    public void run() {
        channel.closeFuture().syncUninterruptibly();
    }

    @ChannelHandler.Sharable
    private static final class Counter extends ChannelInboundHandlerAdapter {
        private final Tally tally;

        Counter(Tally tally) {
            this.tally = tally;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            DatagramPacket datagram = (DatagramPacket) message;
            ByteBuf content = datagram.content();
            tally.take(content.getInt(content.readerIndex() + Tally.NUMBER_OFFSET), content.readableBytes());
            datagram.release();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            cause.printStackTrace();
            context.close();
        }
    }
}
