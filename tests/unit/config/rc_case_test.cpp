// SPDX-License-Identifier: Apache-2.0
#include "dump.hpp"

#include "core/config/rc.hpp"
#include "core/config/text_file.hpp"
#include "core/config/yaml.hpp"

#include <offlineimap/error.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <vector>

using namespace offlineimap::core;
namespace fs = std::filesystem;

namespace {

std::vector<fs::path> cases(const char* syntax)
{
    std::vector<fs::path> result;
    for (const auto& entry : fs::directory_iterator(fs::path(TEST_DATA) / syntax))
        result.push_back(entry.path());
    std::ranges::sort(result);
    return result;
}

template <class Read> std::string outcome(const fs::path& file, Read read)
{
    try {
        return dump(read(file, std::span<const std::string>()));
    } catch (const offlineimap::Error& error) {
        EXPECT_EQ(error.code(), offlineimap::Errc::config);
        return std::string("error: ") + error.what() + "\n";
    }
}

std::string case_name(const testing::TestParamInfo<fs::path>& info)
{
    return info.param.filename().string();
}

class RcCase : public testing::TestWithParam<fs::path> { };
class YamlCase : public testing::TestWithParam<fs::path> { };

}  // namespace

/// Each folder of tests/data/rc: what `in` says is `out`.
TEST_P(RcCase, is_read_as_expected)
{
    EXPECT_EQ(outcome(GetParam() / "in", read_rc), read_text_file(GetParam() / "out"));
}

TEST_P(YamlCase, is_read_as_expected)
{
    EXPECT_EQ(outcome(GetParam() / "in", read_yaml), read_text_file(GetParam() / "out"));
}

INSTANTIATE_TEST_SUITE_P(Data, RcCase, testing::ValuesIn(cases("rc")), case_name);
INSTANTIATE_TEST_SUITE_P(Data, YamlCase, testing::ValuesIn(cases("yaml")), case_name);
