// SPDX-License-Identifier: Apache-2.0
#include "library_suite.hpp"

#include "check.hpp"
#include "loaded_plugin.hpp"

#include <cstring>
#include <elf.h>
#include <fstream>
#include <iterator>
#include <link.h>
#include <set>
#include <span>
#include <string_view>

namespace offlineimap::testkit {
namespace {

/// Structures of an ELF file, with every offset checked.
class ElfFile {
public:
    explicit ElfFile(const std::filesystem::path& path)
    {
        std::ifstream file(path, std::ios::binary);
        bytes_.assign(std::istreambuf_iterator<char>(file), {});
        require(
            std::string_view(bytes_).starts_with(ELFMAG),
            path.string() + " must be a shared library");
    }
    template <class T> T at(std::size_t offset) const
    {
        require(
            offset <= bytes_.size() && sizeof(T) <= bytes_.size() - offset,
            "a shared library must be whole");
        T value;
        std::memcpy(&value, bytes_.data() + offset, sizeof value);
        return value;
    }
    std::string text(std::size_t offset) const
    {
        require(offset < bytes_.size(), "a shared library must be whole");
        return bytes_.c_str() + offset;
    }

private:
    std::string bytes_;
};

using Section = ElfW(Shdr);
using Symbol = ElfW(Sym);

bool is_export(const Symbol& symbol)
{
    const auto binding = symbol.st_info >> 4;
    const auto visibility = symbol.st_other & 3;
    return symbol.st_shndx != SHN_UNDEF && symbol.st_shndx != SHN_ABS && binding != STB_LOCAL
        && (visibility == STV_DEFAULT || visibility == STV_PROTECTED);
}

void check_option(const Option& option)
{
    require(option.name != nullptr && *option.name != '\0', "every option must have a name");
    const std::string name = option.name;
    require(option.help != nullptr && *option.help != '\0', "option " + name + " must have a help");
    const bool has_choices = option.choices != nullptr && *option.choices != '\0';
    require(
        has_choices == (option.type == OptionType::choice),
        "an option must have choices if it is of the type choice, and only then: " + name);
    if (has_choices && option.fallback != nullptr && *option.fallback != '\0')
        require(
            ("|" + std::string(option.choices) + "|").find("|" + std::string(option.fallback) + "|")
                != std::string::npos,
            "the default of option " + name + " must be one of its choices");
}

}  // namespace

std::vector<std::string> exported_symbols(const std::filesystem::path& library)
{
    const ElfFile file(library);
    const auto header = file.at<ElfW(Ehdr)>(0);
    const auto section = [&](std::size_t number) {
        return file.at<Section>(header.e_shoff + number * header.e_shentsize);
    };
    std::vector<std::string> found;
    for (std::size_t i = 0; i < header.e_shnum; ++i) {
        const Section symbols = section(i);
        if (symbols.sh_type != SHT_DYNSYM) continue;
        const Section names = section(symbols.sh_link);
        for (std::size_t at = 0; at < symbols.sh_size; at += sizeof(Symbol)) {
            const auto symbol = file.at<Symbol>(symbols.sh_offset + at);
            if (is_export(symbol)) found.push_back(file.text(names.sh_offset + symbol.st_name));
        }
    }
    return found;
}

void check_component(const Component& component)
{
    require(
        component.type != nullptr && *component.type != '\0', "every component must have a type");
    const std::string type = component.type;
    require(
        component.summary != nullptr && *component.summary != '\0', type + " must have a summary");
    std::set<std::string> names;
    for (const Option& option : std::span(component.options, component.option_count)) {
        check_option(option);
        require(names.insert(option.name).second, type + " must have each option once");
    }
}

void check_library(const std::filesystem::path& library)
{
    for (const std::string& symbol : exported_symbols(library))
        require(
            symbol == OFFLINEIMAP_PLUGIN_SYMBOL_STRING,
            library.string() + " must export nothing but its descriptor, it exports " + symbol);
    const Plugin& plugin = load_plugin(library);
    for (const char* text : {plugin.name, plugin.version, plugin.license})
        require(text != nullptr && *text != '\0', "a plugin must have a name, version and license");
    require(plugin.component_count > 0, "a plugin must provide something");
    for (const Component& component : std::span(plugin.components, plugin.component_count))
        check_component(component);
}

}  // namespace offlineimap::testkit
