# offlineimap_add_plugin(<kind>-<type> <sources>... [ALIASES <kind>-<type>...])
#
# Builds <kind>-<type>.so, a plugin that exports its descriptor and nothing else. A library that
# provides several types has an alias, a symbolic link, for each of the others.
# OFFLINEIMAP_PLUGIN_VERSION is the version of the project that it belongs to, for its descriptor.
# With OFFLINEIMAP_STATIC_PLUGINS a static library of the same name instead, whose descriptor is
# offlineimap_plugin_<kind>_<type>: OFFLINEIMAP_PLUGIN() must be given that <kind>_<type>.
set(OFFLINEIMAP_PLUGIN_MAP "${CMAKE_CURRENT_LIST_DIR}/plugin.map")
function(offlineimap_add_plugin name)
    cmake_parse_arguments(PARSE_ARGV 1 plugin "" "" "ALIASES")
    if(NOT name MATCHES "^(repo|status|ui|script)-[a-z0-9-]+$")
        message(FATAL_ERROR "plugin name \"${name}\" is not repo-*, status-*, ui-* or script-*")
    endif()
    if(OFFLINEIMAP_STATIC_PLUGINS)
        add_library(${name} STATIC ${plugin_UNPARSED_ARGUMENTS})
        target_compile_definitions(${name} PRIVATE OFFLINEIMAP_STATIC_PLUGIN)
    else()
        add_library(${name} MODULE ${plugin_UNPARSED_ARGUMENTS})
        target_link_options(${name} PRIVATE -Wl,-z,now "-Wl,--version-script=${OFFLINEIMAP_PLUGIN_MAP}")
        if(NOT OFFLINEIMAP_SANITIZE)   # clang links a sanitizer's runtime into the program alone
            target_link_options(${name} PRIVATE -Wl,-z,defs)
        endif()
        set_property(TARGET ${name} APPEND PROPERTY LINK_DEPENDS "${OFFLINEIMAP_PLUGIN_MAP}")
        if(OFFLINEIMAP_PLUGIN_OUTPUT_DIR)
            set_target_properties(${name} PROPERTIES LIBRARY_OUTPUT_DIRECTORY "${OFFLINEIMAP_PLUGIN_OUTPUT_DIR}")
        endif()
    endif()
    target_compile_definitions(${name} PRIVATE OFFLINEIMAP_PLUGIN_VERSION="${PROJECT_VERSION}")
    target_link_libraries(${name} PRIVATE offlineimap::sdk)
    set_target_properties(${name} PROPERTIES PREFIX "" CXX_EXTENSIONS OFF
        CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON POSITION_INDEPENDENT_CODE ON)
    if(NOT OFFLINEIMAP_STATIC_PLUGINS AND OFFLINEIMAP_PLUGIN_DIR)
        install(TARGETS ${name} LIBRARY DESTINATION "${OFFLINEIMAP_PLUGIN_DIR}")
    endif()
    set_property(GLOBAL APPEND PROPERTY OFFLINEIMAP_PLUGINS ${name})
    if(NOT OFFLINEIMAP_STATIC_PLUGINS)
        foreach(alias IN LISTS plugin_ALIASES)
            offlineimap_add_plugin_alias(${name} ${alias})
        endforeach()
    endif()
endfunction()

function(offlineimap_add_plugin_alias name alias)
    set(link "$<TARGET_FILE_DIR:${name}>/${alias}.so")
    add_custom_command(TARGET ${name} POST_BUILD VERBATIM
        COMMAND "${CMAKE_COMMAND}" -E create_symlink "$<TARGET_FILE_NAME:${name}>" "${link}")
    if(OFFLINEIMAP_PLUGIN_DIR)
        install(FILES "${link}" DESTINATION "${OFFLINEIMAP_PLUGIN_DIR}")
    endif()
endfunction()

# offlineimap_link_static_plugins(<library>)
#
# With OFFLINEIMAP_STATIC_PLUGINS: links every plugin so far with whoever links <library>, and adds
# to the library the table by which the loader finds them.
function(offlineimap_link_static_plugins library)
    get_property(plugins GLOBAL PROPERTY OFFLINEIMAP_PLUGINS)
    set(declarations "")
    set(entries "")
    foreach(plugin IN LISTS plugins)
        string(REPLACE "-" "_" id "${plugin}")
        string(APPEND declarations "extern \"C\" const offlineimap::Plugin offlineimap_plugin_${id};\n")
        string(APPEND entries "    &offlineimap_plugin_${id},\n")
    endforeach()
    set(table "${CMAKE_BINARY_DIR}/static_plugins.cpp")
    file(CONFIGURE OUTPUT "${table}" @ONLY CONTENT [[
#include "core/host/static_plugins.hpp"

@declarations@
static const offlineimap::Plugin* const plugins[] = {
@entries@    nullptr};

std::span<const offlineimap::Plugin* const> offlineimap::core::static_plugins()
{
    return {plugins, std::size(plugins) - 1};
}
]])
    target_sources(${library} PRIVATE "${table}")
    target_link_libraries(${library} INTERFACE ${plugins})
endfunction()
