# For builds with sanitizers, which are long: sources are compiled several at once. Other builds do
# without, so that a missing #include is noticed.
set(CMAKE_UNITY_BUILD ON)
set(CMAKE_UNITY_BUILD_BATCH_SIZE 8)
# Said of what is right in a source of its own.
add_compile_options(-Wno-shadow -Wno-subobject-linkage)

# compile_alone(<target> <source>...): what these call something, another source of the target calls
# something else.
function(compile_alone target)
    get_target_property(folder ${target} SOURCE_DIR)
    list(TRANSFORM ARGN PREPEND "${folder}/")
    set_source_files_properties(${ARGN} TARGET_DIRECTORY ${target}
        PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()

function(compile_some_alone)
    compile_alone(core-commands plugins.cpp repair.cpp status.cpp)
    set_target_properties(faults sdk-testkit PROPERTIES UNITY_BUILD OFF)
    compile_alone(status-plain-parts notes.cpp)
    compile_alone(sync-test crash_test.cpp trash_test.cpp)
    compile_alone(unit-cli help_test.cpp)
    compile_alone(unit-config mbnames_test.cpp settings_test.cpp)
    compile_alone(unit-repo-maildir text_test.cpp)
    compile_alone(unit-run service_manager_test.cpp)
    compile_alone(unit-text nearest_name_test.cpp)
endfunction()
