# gen_plugin.cpp, built well and in each way that the loader has to refuse, as
# <test_plugins>/<way>/ui-gen.so.
set(test_plugins "${CMAKE_CURRENT_BINARY_DIR}/plugins")
set(test_plugin_targets "")
set(OFFLINEIMAP_PLUGIN_DIR "")  # none of these is ever installed

function(add_test_plugin way)
    offlineimap_add_plugin(ui-gen-${way} gen_plugin.cpp)
    set_target_properties(ui-gen-${way} PROPERTIES OUTPUT_NAME ui-gen
        LIBRARY_OUTPUT_DIRECTORY "${test_plugins}/${way}" DISABLE_PRECOMPILE_HEADERS ON)
    set(test_plugin_targets ${test_plugin_targets} ui-gen-${way} PARENT_SCOPE)
endfunction()

# A plugin built against headers that are ours but for one replacement.
set(sdk_headers "${PROJECT_SOURCE_DIR}/sdk/include/offlineimap")
function(add_test_plugin_with_other_headers way header from to)
    set(folder "${CMAKE_CURRENT_BINARY_DIR}/headers/${way}")
    file(GLOB all "${sdk_headers}/*.hpp")
    foreach(file IN LISTS all)
        get_filename_component(name "${file}" NAME)
        file(READ "${file}" text)
        if(name STREQUAL header)
            set(before "${text}")
            string(REPLACE "${from}" "${to}" text "${text}")
            if(text STREQUAL before)
                message(FATAL_ERROR "\"${from}\" is not in ${header}: ui-gen-${way} would be a good plugin")
            endif()
        endif()
        file(CONFIGURE OUTPUT "${folder}/offlineimap/${name}" CONTENT "${text}" @ONLY)
        set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
    endforeach()
    add_test_plugin(${way})
    target_include_directories(ui-gen-${way} BEFORE PRIVATE "${folder}")
    set(test_plugin_targets ${test_plugin_targets} PARENT_SCOPE)
endfunction()

add_test_plugin(good)
add_test_plugin_with_other_headers(newer-minor plugin.hpp "abi_minor = 1;" "abi_minor = 2;")
add_test_plugin_with_other_headers(newer-major plugin.hpp "abi_major = 1;" "abi_major = 2;")
add_test_plugin_with_other_headers(older-major plugin.hpp "abi_major = 1;" "abi_major = 0;")
add_test_plugin_with_other_headers(other-layout types.hpp
    "struct FolderInfo {" "struct FolderInfo {\n    std::string added_in_a_hurry;")
add_test_plugin_with_other_headers(no-plugin plugin.hpp "extern const ::offlineimap::Plugin OFFLINEIMAP_PLUGIN_SYMBOL(id);"
    "extern const ::offlineimap::Plugin OFFLINEIMAP_PLUGIN_SYMBOL(id) __asm__(\"something_else\");")
add_test_plugin(debug-containers)
target_compile_definitions(ui-gen-debug-containers PRIVATE _GLIBCXX_DEBUG)
add_test_plugin(old-strings)
target_compile_definitions(ui-gen-old-strings PRIVATE _GLIBCXX_USE_CXX11_ABI=0)
add_test_plugin(own-runtime)
target_link_options(ui-gen-own-runtime PRIVATE -static-libstdc++ -static-libgcc)
if(OFFLINEIMAP_SANITIZE)  # the sanitizers' runtime would bring the shared one after all
    target_compile_options(ui-gen-own-runtime PRIVATE -fno-sanitize=all)
    target_link_options(ui-gen-own-runtime PRIVATE -fno-sanitize=all)
endif()
add_test_plugin(undefined-symbol)
target_compile_definitions(ui-gen-undefined-symbol PRIVATE CALLS_WHAT_IS_NOWHERE)
target_link_options(ui-gen-undefined-symbol PRIVATE -Wl,-z,undefs)
add_test_plugin(other-type)
target_compile_definitions(ui-gen-other-type PRIVATE OTHER_TYPE)

# Built with the other C++ library where there is one; its test is skipped elsewhere.
find_program(CLANGXX NAMES clang++-14 clang++)
if(CLANGXX)
    set(probe "${CMAKE_CURRENT_BINARY_DIR}/probe.cpp")
    file(WRITE "${probe}" "#include <string>\nstd::string s;\n")
    execute_process(COMMAND "${CLANGXX}" -stdlib=libc++ -shared -fPIC -o "${probe}.so" "${probe}"
        RESULT_VARIABLE no_libcxx OUTPUT_QUIET ERROR_QUIET)
    if(no_libcxx EQUAL 0)
        set(output "${test_plugins}/libcxx/ui-gen.so")
        add_custom_command(OUTPUT "${output}"
            COMMAND "${CMAKE_COMMAND}" -E make_directory "${test_plugins}/libcxx"
            COMMAND "${CLANGXX}" -std=c++20 -stdlib=libc++ -shared -fPIC -fvisibility=hidden
                -I "${PROJECT_SOURCE_DIR}/sdk/include" -o "${output}" "${CMAKE_CURRENT_SOURCE_DIR}/gen_plugin.cpp"
            DEPENDS gen_plugin.cpp VERBATIM)
        add_custom_target(ui-gen-libcxx DEPENDS "${output}")
        list(APPEND test_plugin_targets ui-gen-libcxx)
    endif()
endif()
