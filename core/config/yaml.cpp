// SPDX-License-Identifier: Apache-2.0
#include "yaml.hpp"

#include "overrides.hpp"
#include "text_file.hpp"

#include "core/text/nearest_name.hpp"
#include "core/text/strings.hpp"

#include <offlineimap/error.hpp>

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace offlineimap::core {

namespace {

class YamlReader {
public:
    explicit YamlReader(const std::filesystem::path& path) : file_(path.filename().string())
    {
        config_.path = path;
        config_.syntax = Syntax::yaml;
        config_.general = section("general", "general", file_);
    }

    Config read(const YAML::Node& document);
    [[noreturn]] void fail(const YAML::Mark& mark, std::string_view what) const
    {
        throw Error(Errc::config, concat(where(mark), ": ", what));
    }

private:
    void read_top_level(const std::string& name, const YAML::Node& key, const YAML::Node& value);
    std::vector<Section> read_sections(std::string_view kind, const YAML::Node& map);
    Section read_section(Section result, const YAML::Node& map);
    void read_option(const std::string& name, const YAML::Node& node, Section& section) const;
    void read_members(const std::string& name, const YAML::Node& map, Section& section) const;
    bool is_python(const YAML::Node& node) const;
    std::vector<std::string> read_list(const std::string& name, const YAML::Node& list) const;
    Mappings read_mappings(const YAML::Node& node) const;
    std::string key_of(const YAML::Node& key) const;
    void expect_map(const YAML::Node& node, std::string_view what) const;

    /// One mistake hides no other: they are thrown together when the file has been read.
    template <class Work> void attempt(Work work)
    {
        try {
            work();
        } catch (const Error& error) {
            problems_.emplace_back(error.what());
        }
    }

    static Section section(std::string title, std::string name, std::string where)
    {
        return {
            .title = std::move(title),
            .name = std::move(name),
            .where = std::move(where),
            .options = {}};
    }
    std::string where(const YAML::Mark& mark) const
    {
        return mark.is_null() ? file_ : concat(file_, ":", std::to_string(mark.line + 1));
    }

    std::string file_;
    Config config_;
    std::vector<std::string> problems_;
};

Config YamlReader::read(const YAML::Node& document)
{
    expect_map(document, "the file");
    for (const auto& item : document)
        attempt([&] { read_top_level(key_of(item.first), item.first, item.second); });
    if (!problems_.empty()) throw Error(Errc::config, join(problems_, "\n"));
    return std::move(config_);
}

void YamlReader::read_top_level(
    const std::string& name, const YAML::Node& key, const YAML::Node& value)
{
    if (name == "general") {
        config_.general = read_section(section(name, name, where(key.Mark())), value);
    } else if (name == "mbnames") {
        config_.mbnames = read_section(section(name, name, where(key.Mark())), value);
    } else if (name == "accounts") {
        config_.accounts = read_sections("Account ", value);
    } else if (name == "repositories") {
        config_.repositories = read_sections("Repository ", value);
    } else if (name == "ui") {
        config_.interfaces = read_sections("ui.", value);
    } else {
        const std::vector<std::string> known {
            "general", "accounts", "repositories", "mbnames", "ui"};
        fail(key.Mark(), concat("unknown key ", in_quotes(name), did_you_mean(name, known)));
    }
}

std::vector<Section> YamlReader::read_sections(std::string_view kind, const YAML::Node& map)
{
    expect_map(map, "names with their options");
    std::vector<Section> sections;
    for (const auto& item : map) {
        attempt([&] {
            const auto name = key_of(item.first);
            if (std::ranges::find(sections, name, &Section::name) != sections.end())
                fail(item.first.Mark(), concat(in_quotes(name), " is there a second time"));
            auto empty = section(concat(kind, name), name, where(item.first.Mark()));
            sections.push_back(read_section(std::move(empty), item.second));
        });
    }
    return sections;
}

Section YamlReader::read_section(Section result, const YAML::Node& map)
{
    if (map.IsNull()) return result;
    expect_map(map, "options with their values");
    for (const auto& item : map)
        attempt([&] { read_option(lower(key_of(item.first)), item.second, result); });
    return result;
}

void YamlReader::read_option(
    const std::string& name, const YAML::Node& node, Section& section) const
{
    if (node.IsNull()) return;
    if (section.has(name)) fail(node.Mark(), concat(in_quotes(name), " is set a second time"));
    Value value {.where = where(node.Mark())};
    if (name == "folders.rename")
        value.mappings = read_mappings(node);
    else if (node.IsScalar()) {
        value.text = node.Scalar();
        value.is_python = is_python(node);
    } else if (node.IsSequence())
        value.list = read_list(name, node);
    else
        return read_members(name, node, section);
    section.set(name, std::move(value));
}

/// `remotepass: {command: pass show mail}` is remotepass.command.
void YamlReader::read_members(
    const std::string& name, const YAML::Node& map, Section& section) const
{
    for (const auto& item : map) {
        const auto member = concat(name, ".", lower(key_of(item.first)));
        if (item.second.IsMap() && member != "folders.rename")
            fail(item.second.Mark(), concat(name, ": expected one text"));
        read_option(member, item.second, section);
    }
}

bool YamlReader::is_python(const YAML::Node& node) const
{
    const auto& tag = node.Tag();
    if (tag == "!python") return true;
    if (tag.starts_with('!') && tag.size() > 1)
        fail(node.Mark(), concat("unknown tag ", tag, "; there is !python"));
    return false;
}

std::vector<std::string>
YamlReader::read_list(const std::string& name, const YAML::Node& list) const
{
    std::vector<std::string> items;
    for (const auto& item : list) {
        if (!item.IsScalar()) fail(item.Mark(), concat(name, ": an item must be one text"));
        items.push_back(item.Scalar());
    }
    return items;
}

/// One map, or a list of maps.
Mappings YamlReader::read_mappings(const YAML::Node& node) const
{
    Mappings mappings;
    if (node.IsSequence()) {
        for (const auto& item : node)
            for (auto& mapping : read_mappings(item))
                mappings.push_back(std::move(mapping));
        return mappings;
    }
    expect_map(node, "names with what they become");
    mappings.emplace_back();
    for (const auto& item : node) {
        if (!item.second.IsScalar()) fail(item.second.Mark(), "a name becomes one other name");
        mappings.back().emplace_back(key_of(item.first), item.second.Scalar());
    }
    return mappings;
}

std::string YamlReader::key_of(const YAML::Node& key) const
{
    if (!key.IsScalar()) fail(key.Mark(), "a key must be one text");
    return key.Scalar();
}

void YamlReader::expect_map(const YAML::Node& node, std::string_view what) const
{
    if (!node.IsMap()) fail(node.Mark(), concat("expected ", what, " as \"name: value\" lines"));
}

void override_options(Config& config, std::span<const std::string> options)
{
    std::vector<Section*> sections {&config.general};
    if (config.mbnames) sections.push_back(&*config.mbnames);
    for (auto* list : {&config.accounts, &config.repositories, &config.interfaces})
        for (auto& section : *list)
            sections.push_back(&section);
    apply_options(options, sections);
}

}  // namespace

Config read_yaml(const std::filesystem::path& path, std::span<const std::string> options)
{
    YamlReader reader(path);
    const auto text = read_text_file(path);
    try {
        const auto documents = YAML::LoadAll(text);
        if (documents.size() > 1)
            reader.fail(documents[1].Mark(), "expected one document, found a second");
        auto config = reader.read(documents.empty() ? YAML::Node() : documents.front());
        override_options(config, options);
        return config;
    } catch (const YAML::Exception& error) {
        reader.fail(error.mark, error.msg);
    }
}

}  // namespace offlineimap::core
