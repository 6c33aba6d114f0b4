// SPDX-License-Identifier: Apache-2.0
#include "tables.hpp"

#include "core/text/strings.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

// docs/configuration.md and the option tables of the program against the list of what the original
// knows, and against each other.

namespace offlineimap::core {
namespace {

struct Row {
    std::string yaml, type, fallback, meaning;
};
/// Rows by kind of section ("general", "maildir") and option.
using Document = std::map<std::string, std::map<std::string, Row>>;

std::string in_code(std::string_view cell)
{
    const auto text = trimmed(cell);
    return std::string(text.starts_with('`') ? text.substr(1, text.size() - 2) : text);
}

std::string kind_of(const std::string& heading)
{
    const std::map<std::string, std::string> kinds {
        {"`[general]`", "general"},
        {"`[mbnames]`", "mbnames"},
        {"`[Account NAME]`", "account"},
        {"`[Repository NAME]`, whatever its type", "repository"},
        {"Maildir, GmailMaildir", "maildir"},
        {"IMAP, Gmail", "imap"},
        {"Gmail", "gmail"}};
    const auto found = kinds.find(heading);
    return found == kinds.end() ? std::string() : found->second;
}

Document read_document()
{
    Document document;
    std::ifstream file(DOCUMENT);
    EXPECT_TRUE(file) << DOCUMENT;
    std::string kind;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("#"))
            kind = kind_of(std::string(trimmed(line.substr(line.find_first_not_of('#')))));
        if (kind.empty() || !line.starts_with("| `")) continue;
        const auto cells = split(line, '|');
        EXPECT_EQ(cells.size(), 8U) << line;
        if (cells.size() != 8) continue;
        const auto name = in_code(cells[1]);
        const Row row {
            in_code(cells[2]), in_code(cells[3]), in_code(cells[4]),
            std::string(trimmed(cells[5]))};
        EXPECT_TRUE(document[kind].emplace(name, row).second) << kind << " " << name << " twice";
    }
    return document;
}

const char* name_of(OptionType type)
{
    constexpr const char* names[] {"text",    "secret", "number", "flag",  "size",
                                   "seconds", "path",   "list",   "choice"};
    return names[static_cast<std::size_t>(type)];
}

void expect_documented(
    const std::map<std::string, Row>& rows, const std::string& kind,
    std::span<const Option> options)
{
    for (const auto& option : options) {
        const auto row = rows.find(option.name);
        ASSERT_NE(row, rows.end()) << kind << " " << option.name << " is not in the document";
        const bool expression = row->second.type == "expression";
        EXPECT_TRUE(expression || row->second.type == name_of(option.type))
            << kind << " " << option.name << " is of type " << name_of(option.type);
        const std::string fallback = option.fallback == nullptr ? "required" : option.fallback;
        EXPECT_EQ(row->second.fallback, fallback) << kind << " " << option.name;
    }
}

TEST(Options, of_the_original_are_known_and_documented)
{
    const auto list = read_original();
    EXPECT_GE(list.size(), 130U);
    const auto document = read_document();
    for (const auto& [kind, option] : list) {
        EXPECT_THAT(known(kind), testing::Contains(option)) << "in a section of kind " << kind;
        ASSERT_TRUE(document.contains(kind)) << kind;
        EXPECT_TRUE(document.at(kind).contains(option)) << kind << " " << option;
    }
}

TEST(Options, are_documented_with_their_types_and_defaults)
{
    auto document = read_document();
    using enum SectionKind;
    expect_documented(document["general"], "general", core_options(general));
    expect_documented(document["mbnames"], "mbnames", core_options(mbnames));
    expect_documented(document["account"], "account", core_options(account));
    expect_documented(document["repository"], "repository", core_options(repository));
    expect_documented(document["maildir"], "maildir", maildir::option_table);
    expect_documented(document["imap"], "imap", imap::imap_options);
}

TEST(Options, that_are_documented_are_known_and_have_a_meaning)
{
    for (const auto& [kind, rows] : read_document())
        for (const auto& [option, row] : rows) {
            EXPECT_THAT(known(kind), testing::Contains(option)) << kind;
            EXPECT_FALSE(row.meaning.empty()) << option;
            EXPECT_FALSE(row.type.empty()) << option;
            EXPECT_FALSE(row.yaml.empty()) << option;
        }
}

}  // namespace
}  // namespace offlineimap::core
