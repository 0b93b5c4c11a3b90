# SPDX-License-Identifier: Apache-2.0
#
# The programs `scale` and `stream`, the latter with those of the peers that are installed: boost, ck, dpdk, moodycamel
# (Debian's libboost-dev, libck-dev, libdpdk-dev, libreaderwriterqueue-dev). All with the same options; DPDK wants the
# instructions of the machine that it runs on.
enable_language(CXX)
set(CMAKE_CXX_STANDARD 17)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(folder bench/native/stream)

find_path(STREAM_BOOST_DIR boost/lockfree/spsc_queue.hpp)
find_path(STREAM_MOODYCAMEL_DIR readerwriterqueue/readerwriterqueue.h)
find_path(STREAM_CK_DIR ck_ring.h)
find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
    pkg_check_modules(STREAM_DPDK QUIET libdpdk)
endif()

string(REGEX MATCH "[0-9.]+" version "${CMAKE_C_COMPILER_VERSION}")
add_executable(scale bench/native/scale.cpp)
add_executable(stream bench/native/stream.cpp ${folder}/frameferry.c ${folder}/frameferry_held.c ${folder}/frames.c)
foreach(program scale stream)
    target_compile_options(${program} PRIVATE -O3 -march=native)
    target_link_libraries(${program} PRIVATE ferry_options frameferry_static benchmark::benchmark)
    target_compile_definitions(${program} PRIVATE
        STREAM_COMPILER="${CMAKE_C_COMPILER_ID} ${version}, ${CMAKE_BUILD_TYPE} with -O3 -march=native")
endforeach()

if(STREAM_BOOST_DIR)
    target_sources(stream PRIVATE ${folder}/boost.cpp)
    target_compile_definitions(stream PRIVATE STREAM_BOOST)
endif()
if(STREAM_MOODYCAMEL_DIR)
    target_sources(stream PRIVATE ${folder}/moodycamel.cpp)
    target_compile_definitions(stream PRIVATE STREAM_MOODYCAMEL)
endif()
if(STREAM_CK_DIR)
    target_sources(stream PRIVATE ${folder}/ck.c)
    target_include_directories(stream SYSTEM PRIVATE ${STREAM_CK_DIR})
    target_compile_definitions(stream PRIVATE STREAM_CK)
endif()
if(STREAM_DPDK_FOUND)
    # Headers only: the ring's functions are inline, and what makes one is in librte_ring, without an environment.
    target_sources(stream PRIVATE ${folder}/dpdk.c)
    target_include_directories(stream SYSTEM PRIVATE ${STREAM_DPDK_INCLUDE_DIRS})
    target_link_libraries(stream PRIVATE rte_ring)
    target_compile_definitions(stream PRIVATE STREAM_DPDK)
endif()

if(BUILD_TESTING)
    add_test(NAME stream COMMAND stream
        "--benchmark_filter=^(c-to-c/.*/batch:(1|64)/capacity:1024/payload:(8|64)/wait:10/|c-round-trip/)")
    add_test(NAME scale COMMAND scale --benchmark_min_time=0.01)
    set_tests_properties(scale stream PROPERTIES TIMEOUT 60 SKIP_RETURN_CODE 77 RUN_SERIAL TRUE)
endif()
