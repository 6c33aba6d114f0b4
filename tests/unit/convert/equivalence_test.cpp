// SPDX-License-Identifier: Apache-2.0
#include "core/config/folder_rules.hpp"
#include "core/config/read.hpp"
#include "core/config/to_yaml.hpp"
#include "core/config/values.hpp"
#include "core/host/cancel.hpp"
#include "core/run/config_check.hpp"
#include "core/run/lazy_script.hpp"
#include "core/text/strings.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

// Each rc file in tests/data/equivalence is read as it is, and as the YAML that it is converted to:
// both decide the same about every name of folders.txt. A line "# stays: option option" tells what
// remains Python.

namespace offlineimap::core {
namespace {

namespace fs = std::filesystem;
const fs::path cases = fs::path(TEST_DATA) / "equivalence";

std::string text_of(const fs::path& file)
{
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
}

std::vector<std::string> case_names()
{
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(cases))
        if (entry.path().extension() == ".rc") names.push_back(entry.path().stem().string());
    std::ranges::sort(names);
    return names;
}

std::vector<std::string> folder_names()
{
    std::vector<std::string> names;
    std::ifstream file(cases / "folders.txt");
    for (std::string line; std::getline(file, line);)
        names.push_back(line);
    return names;
}

/// A configuration with its own interpreter.
struct Reading {
    explicit Reading(const fs::path& file)
        : config(read_config(file, {}))
        , loader({fs::path(SCRIPT_PYTHON).parent_path()})
        , script(config, loader, bus, cancel)
    {
    }
    FolderRules rules(const std::string& repository)
    {
        const auto side = repository == "remote" ? Side::remote : Side::local;
        return {config, *config.repository(repository), side, &script};
    }

    Config config;
    PluginLoader loader;
    EventBus bus;
    CancelSource cancel;
    LazyScript script;
};

class Converted_rules : public testing::TestWithParam<std::string> {
protected:
    void SetUp() override
    {
        std::string name = (fs::temp_directory_path() / "equivalence-XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
    }
    void TearDown() override { fs::remove_all(folder_); }

    fs::path write(const std::string& name, const std::string& text) const
    {
        std::ofstream(folder_ / name) << text;
        return folder_ / name;
    }

    fs::path rc() const
    {
        auto text = text_of(cases / (GetParam() + ".rc"));
        const std::string mark = "{data}";
        for (auto at = text.find(mark); at != text.npos; at = text.find(mark))
            text.replace(at, mark.size(), cases.string());
        return write("rc", text);
    }

    Converted converted(Reading& original) const
    {
        auto* reader = static_cast<SyntaxReader*>(original.script.facet(SyntaxReader::facet_name));
        return to_yaml(
            original.config,
            [&](const Section& section, const std::string& option) {
                const auto* value = section.find(option);
                return std::optional(
                    reader->syntax_tree(value->text, place(section, option, value->where)));
            },
            [&](const Section& repository) {
                return names_in_repository(repository, original.loader);
            });
    }

    std::vector<std::string> announced() const
    {
        std::ifstream file(cases / (GetParam() + ".rc"));
        const std::string mark = "# stays: ";
        for (std::string line; std::getline(file, line);)
            if (line.starts_with(mark)) return split_list(line.substr(mark.size()));
        return {};
    }

    fs::path folder_;
};

std::string verdict(const FolderRules& rules, const std::string& name)
{
    try {
        return std::string(rules.accepts(name) ? "in, " : "out, ") + rules.translate(name);
    } catch (const Error& error) {
        return error.what();
    }
}

TEST_P(Converted_rules, decide_as_the_python_that_they_were)
{
    Reading original(rc());
    const auto yaml = converted(original);
    Reading native(write("config.yaml", yaml.yaml));
    for (const auto* repository : {"local", "remote"}) {
        const auto theirs = original.rules(repository), ours = native.rules(repository);
        for (const auto& name : folder_names())
            EXPECT_EQ(verdict(ours, name), verdict(theirs, name))
                << repository << " " << name << "\n"
                << yaml.yaml;
    }
}

TEST_P(Converted_rules, are_all_but_those_that_are_announced)
{
    Reading original(rc());
    std::vector<std::string> stay;
    for (const auto& remark : converted(original).remarks) {
        ASSERT_THAT(remark, testing::HasSubstr(": stays a Python expression"));
        const auto option = remark.substr(0, remark.rfind(": "));
        stay.push_back(option.substr(option.rfind(' ') + 1));
    }
    EXPECT_THAT(stay, testing::UnorderedElementsAreArray(announced()));
}

INSTANTIATE_TEST_SUITE_P(
    Cases, Converted_rules, testing::ValuesIn(case_names()), [](const auto& c) { return c.param; });

TEST(Conversion, is_tried_with_as_many_files_as_people_have)
{
    EXPECT_GE(case_names().size(), 25U);
    EXPECT_GE(folder_names().size(), 100U);
}

}  // namespace
}  // namespace offlineimap::core
