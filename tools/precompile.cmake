# For builds with sanitizers, which are long: every target reads the headers that most sources include
# precompiled. Other builds do without, so that a missing #include is noticed.
set(common_headers <algorithm> <array> <charconv> <chrono> <condition_variable> <cstring> <deque>
    <filesystem> <fstream> <functional> <map> <memory> <mutex> <optional> <set> <span> <sstream>
    <string> <string_view> <thread> <unordered_map> <utility> <variant> <vector>)
file(CONFIGURE OUTPUT precompiled.cpp CONTENT "int main() {}\n")
set(source "${CMAKE_CURRENT_BINARY_DIR}/precompiled.cpp")

# Code of a library and of a program is compiled differently, and neither can read the other's.
add_library(precompiled-library STATIC "${source}")
target_precompile_headers(precompiled-library PRIVATE ${common_headers})
add_executable(precompiled-tests "${source}")
target_precompile_headers(precompiled-tests PRIVATE ${common_headers} <gmock/gmock.h> <gtest/gtest.h>)
target_link_libraries(precompiled-tests PRIVATE GTest::gmock)

function(precompile_below folder)
    get_property(targets DIRECTORY "${folder}" PROPERTY BUILDSYSTEM_TARGETS)
    foreach(target IN LISTS targets)
        get_target_property(type ${target} TYPE)
        get_target_property(libraries ${target} LINK_LIBRARIES)
        get_target_property(refused ${target} DISABLE_PRECOMPILE_HEADERS)
        if(refused)
            continue()
        endif()
        if(type STREQUAL EXECUTABLE AND libraries MATCHES "GTest::")
            target_precompile_headers(${target} REUSE_FROM precompiled-tests)
        elseif(type MATCHES "LIBRARY$" AND NOT type STREQUAL INTERFACE_LIBRARY)
            target_precompile_headers(${target} REUSE_FROM precompiled-library)
        endif()
    endforeach()
    get_property(folders DIRECTORY "${folder}" PROPERTY SUBDIRECTORIES)
    foreach(below IN LISTS folders)
        precompile_below("${below}")
    endforeach()
endfunction()

foreach(file IN LISTS plugin_folders)
    get_filename_component(plugin "${file}" DIRECTORY)
    precompile_below("${plugin}")
endforeach()
foreach(part IN ITEMS core sdk/testkit tests)
    precompile_below("${PROJECT_SOURCE_DIR}/${part}")
endforeach()
