// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "testkit/loaded_plugin.hpp"
#include "testkit/test_host.hpp"

#include <offlineimap/script.hpp>

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

/// The plugin as the core loads it, with a pythonfile that a test may write.
class ScriptPython : public testing::Test {
protected:
    using Value = offlineimap::Value;
    using Texts = std::vector<std::string>;

    void SetUp() override
    {
        std::string name = (std::filesystem::temp_directory_path() / "script-XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
    }
    void TearDown() override
    {
        script_.reset();
        std::filesystem::remove_all(folder_);
    }

    std::string file() const { return folder_ / "my functions"; }
    void write(const std::string& text) { std::ofstream(file()) << text; }

    offlineimap::Script& script()
    {
        if (script_) return *script_;
        using namespace offlineimap::testkit;
        const auto& component =
            find_component(load_plugin(SCRIPT_PYTHON), offlineimap::Kind::script, "python");
        TestSettings::Values values;
        if (std::filesystem::exists(file()) || named_) values["pythonfile"] = file();
        host_ = std::make_unique<TestHost>(component, folder_, values);
        script_ = component.make.script(*host_);
        return *script_;
    }

    std::unique_ptr<offlineimap::Expression> compile(const std::string& source)
    {
        return script().compile(source, "rc:7: [Repository r] option");
    }
    Value value(const std::string& source) { return compile(source)->evaluate({}); }
    Value call(const std::string& source, std::initializer_list<Value> arguments)
    {
        return compile(source)->evaluate({arguments.begin(), arguments.size()});
    }
    Value call(const std::string& source, const std::string& name)
    {
        return call(source, {Value(name)});
    }
    template <class Work> static std::string error_of(Work work)
    {
        try {
            work();
        } catch (const offlineimap::Error& error) {
            EXPECT_EQ(error.code(), offlineimap::Errc::config);
            return error.what();
        }
        return "no error";
    }
    static Value number(std::int64_t value) { return value; }
    static Value text(const char* value) { return std::string(value); }

    bool named_ = false;  ///< the pythonfile is configured though it is not there

private:
    std::filesystem::path folder_;
    std::unique_ptr<offlineimap::testkit::TestHost> host_;
    std::unique_ptr<offlineimap::Script> script_;
};
