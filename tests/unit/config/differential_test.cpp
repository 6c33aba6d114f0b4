// SPDX-License-Identifier: Apache-2.0
#include "dump.hpp"

#include "core/config/interpolation.hpp"
#include "core/config/rc_syntax.hpp"
#include "core/config/text_file.hpp"
#include "core/text/strings.hpp"

#include <offlineimap/error.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

using namespace offlineimap::core;
namespace fs = std::filesystem;

namespace {

/// Python names the line of a duplicate and of a missing header; of other errors we name the first.
std::string first_line(std::string_view error)
{
    const auto colon = error.find(':', error.find(':') + 1);
    const bool python_has_line = error.find("a second time") != std::string_view::npos
        || error.find("before the first [section]") != std::string_view::npos;
    const auto number = error.substr(3, colon - 3);  // "in:12: ..."
    return python_has_line ? concat("error in line ", number, "\n") : std::string("error\n");
}

std::string our_reading(const fs::path& path)
{
    try {
        const auto file = parse_rc(read_text_file(path), "in");
        std::string text;
        for (const auto& section : file.sections)
            text += dump_plain(interpolated(section, file.defaults));
        return text;
    } catch (const offlineimap::Error& error) {
        return first_line(error.what());
    }
}

std::string output_of(const std::string& command)
{
    std::string text;
    FILE* pipe = popen(command.c_str(), "r");  // NOLINT(cert-env33-c)
    if (pipe == nullptr) return text;
    char buffer[4096];
    while (const auto count = std::fread(buffer, 1, sizeof buffer, pipe))
        text.append(buffer, count);
    return pclose(pipe) == 0 ? text : std::string();
}

/// What Python printed for `file`, the next one, taken off the front of `output`.
std::string_view take_reading(std::string_view& output, std::string_view file)
{
    const auto header = concat("file ", file, "\n");
    if (!output.starts_with(header)) return "nothing";
    output.remove_prefix(header.size());
    const auto reading = output.substr(0, output.find("file /"));
    output.remove_prefix(reading.size());
    return reading;
}

}  // namespace

TEST(Differential, rc_files_are_read_as_python_reads_them)
{
    if (output_of("python3 -c 'import configparser; print(1)' 2>&1").empty())
        GTEST_SKIP() << "there is no python3";
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(fs::path(TEST_DATA) / "rc"))
        files.push_back(entry.path() / "in");
    std::ranges::sort(files);
    ASSERT_GT(files.size(), 30U);
    std::string command = "python3 " CONFIGPARSER_DUMP;
    for (const auto& file : files)
        command += concat(" '", file.string(), "'");
    const auto all = output_of(command);
    std::string_view theirs = all;
    for (const auto& file : files) {
        const auto expected = take_reading(theirs, file.string());
        EXPECT_EQ(our_reading(file), expected) << file;
    }
}
