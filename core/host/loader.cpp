// SPDX-License-Identifier: Apache-2.0
#include "loader.hpp"

#include "abi_check.hpp"
#include "plugin_path.hpp"
#include "static_plugins.hpp"

#include "core/text/strings.hpp"

#include <boost/dll/library_info.hpp>
#include <boost/dll/shared_library.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <set>
#include <span>

#include <dlfcn.h>

namespace offlineimap::core {

namespace fs = std::filesystem;
namespace dll = boost::dll;

namespace {

constexpr auto plugin_symbol = OFFLINEIMAP_PLUGIN_SYMBOL_STRING;

struct Loaded {
    dll::shared_library library;
    const Plugin* plugin = nullptr;
};

struct Registry {
    std::mutex mutex;
    std::map<fs::path, Loaded> plugins;
};

/// Never destroyed: objects of a plugin may die later than any static of ours.
Registry& registry()
{
    static auto& all = *new Registry;
    return all;
}

/// Two C++ runtimes in one process cannot throw through each other's frames: a plugin that links
/// libstdc++ or libgcc statically would abort at its first throw.
bool shares_our_runtime(const dll::shared_library& library)
{
    constexpr auto symbol = "__cxa_get_globals";  // not one of those that sanitizers intercept
    return library.has(symbol)
        && reinterpret_cast<void*>(&library.get<void()>(symbol)) == ::dlsym(RTLD_DEFAULT, symbol);
}

/// What the dynamic linker said, without Boost's wrapping.
std::string linker_message(const dll::fs::system_error& error)
{
    std::string text = error.what();
    constexpr std::string_view open = "(dlerror system message: ";
    const auto at = text.find(open);
    if (at == std::string::npos) return text;
    return text.substr(at + open.size(), text.rfind(')') - at - open.size());
}

Error refusal(const fs::path& file, std::string_view why)
{
    return {Errc::config, concat("plugin ", file.string(), ": ", why)};
}

Loaded open_library(const fs::path& file)
{
    try {
        dll::shared_library library(file, dll::load_mode::rtld_now | dll::load_mode::rtld_local);
        if (!library.has(plugin_symbol))
            throw refusal(
                file,
                concat(
                    "it does not export ", plugin_symbol, ", so it is not an offlineimap plugin"));
        const auto& plugin = library.get<const Plugin>(plugin_symbol);
        return {std::move(library), &plugin};
    } catch (const dll::fs::system_error& error) {
        throw refusal(file, linker_message(error));
    }
}

/// Until it returns nothing of the library has been given out, so that closing it is harmless.
Loaded open_checked(const fs::path& file)
{
    if (const auto why = unsafe_to_load(file); !why.empty()) throw refusal(file, why);
    auto loaded = open_library(file);
    if (const auto why = abi_mismatch(abi_stamp, loaded.plugin->abi); !why.empty())
        throw refusal(file, why);
    if (!shares_our_runtime(loaded.library))
        throw refusal(
            file,
            "it brings its own C++ runtime; link it without -static-libstdc++ and -static-libgcc");
    return loaded;
}

std::string file_name(Kind kind, std::string_view type)
{
    return concat(file_prefix(kind), "-", type, ".so");
}

bool is_file_name_of_a_type(std::string_view type)
{
    return !type.empty() && std::ranges::all_of(type, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

/// nullptr if the plugin has none such.
const Component* component_of(const Plugin& plugin, Kind kind, std::string_view type)
{
    for (const auto& candidate : std::span(plugin.components, plugin.component_count))
        if (candidate.kind == kind && type == candidate.type) return &candidate;
    return nullptr;
}

const Component& component_of_file(const fs::path& file, Kind kind, std::string_view type)
{
    if (const auto why = unsafe_to_load(file); !why.empty()) throw refusal(file, why);
    if (const auto* found = component_of(PluginLoader::load(file), kind, type)) return *found;
    throw Error(
        Errc::config,
        concat("plugin ", file.string(), " does not provide the type ", in_quotes(type)));
}

bool is_plugin_file_name(const std::string& name)
{
    constexpr std::array kinds = {Kind::repository, Kind::status, Kind::ui, Kind::script};
    return name.ends_with(".so") && std::ranges::any_of(kinds, [&](Kind kind) {
               return name.starts_with(concat(file_prefix(kind), "-"));
           });
}

/// Read from the file's symbol table, so that a library that only looks like a plugin is not run.
bool exports_a_descriptor(const fs::path& file)
{
    try {
        const auto symbols = dll::library_info(file).symbols();
        return std::ranges::find(symbols, plugin_symbol) != symbols.end();
    } catch (const std::exception&) {
        return false;
    }
}

std::vector<fs::path> plugin_files(const fs::path& folder)
{
    std::vector<fs::path> files;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error))
        if (is_plugin_file_name(entry.path().filename().string())) files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

PluginListing listing(const fs::path& file)
{
    if (!exports_a_descriptor(file))
        return {file, nullptr, concat("it does not export ", plugin_symbol)};
    try {
        return {file, &PluginLoader::load(file), {}};
    } catch (const Error& error) {
        return {file, nullptr, error.what()};
    }
}

}  // namespace

std::string_view file_prefix(Kind kind)
{
    switch (kind) {
    case Kind::repository:
        return "repo";
    case Kind::status:
        return "status";
    case Kind::script:
        return "script";
    default:
        return "ui";
    }
}

PluginLoader::PluginLoader(std::vector<fs::path> search_path) : search_path_(std::move(search_path))
{
}

const Plugin& PluginLoader::load(const fs::path& file)
{
    std::error_code error;
    const auto real = fs::canonical(file, error);
    if (error) throw refusal(file, error.message());
    auto& [mutex, plugins] = registry();
    const std::lock_guard lock(mutex);
    auto known = plugins.find(real);
    if (known == plugins.end()) known = plugins.emplace(real, open_checked(real)).first;
    return *known->second.plugin;
}

const Component& PluginLoader::find(Kind kind, std::string_view type) const
{
    for (const Plugin* linked : static_plugins())
        if (const auto* found = component_of(*linked, kind, type)) return *found;
    std::string tried;
    for (const auto& folder : search_path_) {
        if (!is_file_name_of_a_type(type)) break;
        const auto file = folder / file_name(kind, type);
        std::error_code error;
        if (fs::exists(fs::symlink_status(file, error))) return component_of_file(file, kind, type);
        tried += concat("\n  ", file.string());
    }
    throw Error(
        Errc::config,
        concat(
            "no plugin for the type ", in_quotes(type), tried.empty() ? "" : "; looked for",
            tried));
}

std::vector<PluginListing> PluginLoader::list() const
{
    std::vector<PluginListing> all;
    for (const Plugin* linked : static_plugins())
        all.push_back({{}, linked, {}});
    std::set<fs::path> seen;
    for (const auto& folder : search_path_) {
        for (const auto& file : plugin_files(folder)) {
            std::error_code error;
            const bool first_of_its_name = seen.insert(file.filename()).second;
            const auto real = fs::canonical(file, error);
            if (!first_of_its_name || !seen.insert(real).second) continue;
            // Of several names in one folder the one that is no link is the library's own.
            const auto own = folder / real.filename();
            all.push_back(listing(fs::equivalent(own, real, error) ? own : file));
        }
    }
    return all;
}

}  // namespace offlineimap::core
