// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/status.hpp>

#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <string>
#include <vector>

namespace offlineimap::status::test {

struct MapSettings final : Settings {
    std::map<std::string, std::string, std::less<>> values {{"fsync", "no"}};

    std::string text(std::string_view name) const override
    {
        const auto found = values.find(name);
        return found == values.end() ? std::string() : found->second;
    }
    std::int64_t number(std::string_view) const override { return 0; }
    bool flag(std::string_view name) const override { return text(name) == "yes"; }
    std::vector<std::string> list(std::string_view) const override { return {}; }
    bool has(std::string_view name) const noexcept override
    {
        return values.find(name) != values.end();
    }
    std::string where(std::string_view) const override { return "test"; }
};

struct TestHost final : Host {
    MapSettings values;
    std::filesystem::path directory;
    std::vector<std::string> lines;

    const Settings& settings() const noexcept override { return values; }
    bool logs(Level) const noexcept override { return true; }
    void log(Level, std::string_view text) noexcept override { lines.emplace_back(text); }
    std::string secret(std::string_view, std::string_view, bool) override { return {}; }
    bool confirm(std::string_view, bool otherwise) override { return otherwise; }
    std::filesystem::path state_dir() const override { return directory; }
};

struct Collector final : RecordSink {
    std::vector<Record> records;
    void record(const Record& record) override { records.push_back(record); }
};

inline Record make_record(std::string id, Set<Flag> flags = {})
{
    return {.left = {id}, .right = {std::move(id)}, .flags = flags, .keywords = {}, .labels = {}};
}

inline std::vector<Record> all(StatusFolder& folder)
{
    Collector collector;
    folder.load(collector);
    return collector.records;
}

inline void put(StatusFolder& folder, const std::vector<Record>& records)
{
    folder.apply({.put = records, .erase = {}});
}

inline void erase(StatusFolder& folder, const std::vector<MessageId>& ids)
{
    folder.apply({.put = {}, .erase = ids});
}

/// The error that `action` ends with; fails the test if there is none.
template <class Action> Error error_of(Action action)
{
    try {
        action();
    } catch (const Error& error) {
        return error;
    }
    ADD_FAILURE() << "no error";
    return {Errc::internal, "none"};
}

/// A folder of its own with the directories as the core makes them.
class DirectoryTest : public testing::Test {
protected:
    DirectoryTest()
    {
        std::string name = (std::filesystem::temp_directory_path() / "status-XXXXXX").string();
        host.directory = mkdtemp(name.data());
    }
    ~DirectoryTest() override { std::filesystem::remove_all(host.directory); }

    TestHost host;
};

}  // namespace offlineimap::status::test
