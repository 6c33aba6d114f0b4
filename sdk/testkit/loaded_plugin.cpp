// SPDX-License-Identifier: Apache-2.0
#include "loaded_plugin.hpp"

#include "check.hpp"

#include <cstring>
#include <dlfcn.h>
#include <span>

namespace offlineimap::testkit {

const Plugin& load_plugin(const std::filesystem::path& library)
{
    void* handle = ::dlopen(std::filesystem::absolute(library).c_str(), RTLD_NOW | RTLD_LOCAL);
    require(
        handle != nullptr,
        library.string() + " must load" + (handle ? "" : std::string(": ") + ::dlerror()));
    const void* symbol = ::dlsym(handle, OFFLINEIMAP_PLUGIN_SYMBOL_STRING);
    require(symbol != nullptr, library.string() + " must export " OFFLINEIMAP_PLUGIN_SYMBOL_STRING);
    const auto& plugin = *static_cast<const Plugin*>(symbol);
    const AbiStamp& theirs = plugin.abi;
    const bool same = std::memcmp(theirs.magic, abi_stamp.magic, sizeof theirs.magic) == 0
        && theirs.major == abi_stamp.major && theirs.layout == abi_stamp.layout;
    require(same, library.string() + " must be built against this SDK");
    return plugin;
}

const Component& find_component(const Plugin& plugin, Kind kind, std::string_view type)
{
    for (const Component& component : std::span(plugin.components, plugin.component_count))
        if (component.kind == kind && (type.empty() || type == component.type)) return component;
    throw Broken(std::string(plugin.name) + " must provide the type \"" + std::string(type) + '"');
}

}  // namespace offlineimap::testkit
