# SPDX-License-Identifier: Apache-2.0
#
# What find_package(frameferry) reads: frameferry::frameferry is the shared library, frameferry::frameferry_static the
# static one.
include(CMakeFindDependencyMacro)
find_dependency(Threads)
include(${CMAKE_CURRENT_LIST_DIR}/frameferryTargets.cmake)
